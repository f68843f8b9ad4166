# kerberos.mk: the end-to-end tests with Kerberos and Negotiate, and those with settings.
#   make check-kerberos     both architectures
# The server and `loaded` are those of ntlm.mk.

KERBEROS_JUDGE := $(BUILD)/host/block_judge

$(KERBEROS_JUDGE): $(addprefix tests/peer/,block_judge.c load.c plan.c load.h plan.h) \
		tests/e2e/kerberos.mk | $(BUILD)/stamps/packages
	@mkdir -p $(@D)
	@echo "  $@"; $(HOSTCC) $(CFLAGS_HOST) -o $@ $(filter %.c,$^)

# $(1) the architecture
define kerberos_rules
$(BUILD)/$(1)/ntlm/oldread.exe: $(addprefix tests/legacy/,oldread.c wire.c counted.c \
		wire.h counted.h) \
		tests/e2e/kerberos.mk | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $(CC_$(1)) $(CFLAGS_EXE) -o $$@ $$(filter %.c,$$^) \
		-lsecur32 -lws2_32

check-kerberos-$(1): $(BUILD)/host/block_peer $(KERBEROS_JUDGE) \
		$(addprefix $(BUILD)/$(1)/ntlm/,oldread.exe loaded.exe) \
		$(BUILD)/$(1)/secur32.dll $(BUILD)/$(1)/security.dll
	@BUILD=$(BUILD) tests/wine.sh tests/e2e/kerberos.sh $(1)
endef
$(foreach arch,$(ARCHES),$(eval $(call kerberos_rules,$(arch))))

check-kerberos: $(ARCHES:%=check-kerberos-%)

.PHONY: check-kerberos $(ARCHES:%=check-kerberos-%)
