# wine10.mk: the end-to-end tests with exact boundaries. They need a provider that gives the session
# key: that of Wine 10, which is unpacked into build/wine10 (x86_64 alone).
#   make check-wine10

$(BUILD)/wine10/root: tests/setup/wine10.sh | $(BUILD)/stamps/packages
	@tests/setup/wine10.sh

check-wine10: $(BUILD)/host/block_peer $(KERBEROS_JUDGE) \
		$(addprefix $(BUILD)/x86_64/ntlm/,oldread.exe loaded.exe) \
		$(BUILD)/x86_64/secur32.dll $(BUILD)/x86_64/security.dll | $(BUILD)/wine10/root
	@BUILD=$(BUILD) tests/wine10.sh tests/e2e/wine10.sh

.PHONY: check-wine10
