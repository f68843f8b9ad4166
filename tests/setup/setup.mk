# setup.mk: what must be there before anything is built.
#   build/stamps/packages               Debian packages; order-only prerequisite of everything
#   build/<arch>/cmocka/lib/libcmocka.a  cmocka for the Windows tests

# The stamp is made anew when the list of packages changes.
$(BUILD)/stamps/packages: tests/setup/packages.sh
	@tests/setup/packages.sh
	@mkdir -p $(@D)
	@touch $@

$(ARCHES:%=$(BUILD)/%/cmocka/lib/libcmocka.a): $(BUILD)/%/cmocka/lib/libcmocka.a: \
		tests/setup/cmocka.sh | $(BUILD)/stamps/packages
	@tests/setup/cmocka.sh $*
	@touch $@
