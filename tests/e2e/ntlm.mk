# ntlm.mk: the NTLM end-to-end tests.
#   make check-ntlm     both architectures
#   make demo-run       the demonstration (32-bit), after the DLLs were built
#   make record         new recordings for the core tests in tests/data
# One rule for each program; block_peer and loaded serve other suites, too. The oldmail builds
# differ in REACH alone (tests/legacy/oldmail.h).

NTLM_HOST := $(addprefix $(BUILD)/host/,block_peer ntlm_judge)
NTLM_EXES := oldmail-import oldmail-table oldmail-nt4 loaded
NTLM_KINDS := ess nt4 lmkey

$(BUILD)/host/block_peer: $(addprefix tests/peer/,block_peer.c kerberos.c logon.c net.c \
	plan.c sealer.c)
$(BUILD)/host/ntlm_record: $(addprefix tests/peer/,ntlm_record.c sealer.c)
$(BUILD)/host/ntlm_judge: $(addprefix tests/peer/,ntlm_judge.c load.c plan.c)
$(NTLM_HOST) $(BUILD)/host/ntlm_record: $(addprefix tests/peer/,kerberos.h load.h logon.h net.h \
		plan.h sealer.h) tests/e2e/ntlm.mk | $(BUILD)/stamps/packages
	@mkdir -p $(@D)
	@echo "  $@"; $(HOSTCC) $(CFLAGS_HOST) -o $@ $(filter %.c,$^) -lgssapi_krb5 -lcrypto

# $(1) the architecture
define ntlm_rules
$(BUILD)/$(1)/ntlm/oldmail-import.exe: NTLM_REACH := -DREACH=REACH_IMPORT
$(BUILD)/$(1)/ntlm/oldmail-table.exe: NTLM_REACH := -DREACH=REACH_TABLE
$(BUILD)/$(1)/ntlm/oldmail-nt4.exe: NTLM_REACH := -DREACH=REACH_NT4

$(BUILD)/$(1)/ntlm/oldmail-%.exe: $(addprefix tests/legacy/,oldmail.c wire.c oldmail.h wire.h) \
		tests/e2e/ntlm.mk | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $(CC_$(1)) $(CFLAGS_EXE) $$(NTLM_REACH) -o $$@ \
		$$(filter %.c,$$^) -lsecur32 -lws2_32

$(BUILD)/$(1)/ntlm/loaded.exe: tests/legacy/loaded.c tests/e2e/ntlm.mk | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $(CC_$(1)) $(CFLAGS_EXE) -o $$@ $$<

check-ntlm-$(1): $(NTLM_HOST) $(NTLM_EXES:%=$(BUILD)/$(1)/ntlm/%.exe) \
		$(BUILD)/$(1)/secur32.dll $(BUILD)/$(1)/security.dll
	@BUILD=$(BUILD) tests/wine.sh tests/e2e/ntlm.sh $(1)
endef
$(foreach arch,$(ARCHES),$(eval $(call ntlm_rules,$(arch))))

check-ntlm: $(ARCHES:%=check-ntlm-%)

demo-run: $(NTLM_HOST) $(NTLM_EXES:%=$(BUILD)/i686/ntlm/%.exe) \
		$(BUILD)/i686/secur32.dll $(BUILD)/i686/security.dll
	@BUILD=$(BUILD) tests/wine.sh tests/e2e/demo.sh

record: $(BUILD)/host/ntlm_record
	@for kind in $(NTLM_KINDS); do \
		NTLM_USER_FILE=tests/data/ntlm.users $< $$kind >$(BUILD)/host/ntlm-$$kind.txt && \
		mv $(BUILD)/host/ntlm-$$kind.txt tests/data/ntlm-$$kind.txt || exit 1; \
	done

.PHONY: check-ntlm demo-run record $(ARCHES:%=check-ntlm-%)
