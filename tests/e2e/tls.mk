# tls.mk: the TLS end-to-end tests: a Schannel client and a WinHTTP client beside the shim.
#   make check-tls      both architectures
# The three builds of tlsget differ in the way to SSPI alone (tests/legacy/tls_api.h).

TLS_HOST := $(BUILD)/host/tls_peer
TLS_EXES := tlsget-static tlsget-table-w tlsget-table-a httpget

TLS_PEER := $(addprefix tests/peer/,tls_peer.c tls_http.c tls_plan.c tls_session.c net.c)
TLS_GET  := tests/legacy/tlsget.c $(addprefix tests/legacy/tls_,api.c client.c handshake.c inbox.c \
	report.c style.c trace.c unseal.c)
TLS_HTTP := tests/legacy/httpget.c tests/legacy/tls_report.c
TLS_HEAD := $(wildcard tests/legacy/tls_*.h tests/peer/tls_*.h) tests/peer/net.h \
	include/sspishim.h tests/e2e/tls.mk

$(TLS_HOST): $(TLS_PEER) $(TLS_HEAD) | $(BUILD)/stamps/packages
	@mkdir -p $(@D)
	@echo "  $@"; $(HOSTCC) $(CFLAGS_HOST) -o $@ $(TLS_PEER) -lssl -lcrypto

# $(1) the architecture
define tls_rules
$(BUILD)/$(1)/tls/tlsget-static.exe: TLS_API := -DTLS_API_STATIC
$(BUILD)/$(1)/tls/tlsget-table-w.exe: TLS_API := -DUNICODE
$(BUILD)/$(1)/tls/tlsget-table-a.exe: TLS_API :=

$(BUILD)/$(1)/tls/tlsget-%.exe: $(TLS_GET) $(TLS_HEAD) | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $(CC_$(1)) $(CFLAGS_EXE) $$(TLS_API) -o $$@ $(TLS_GET) \
		-lsecur32 -lws2_32 -lpsapi

$(BUILD)/$(1)/tls/httpget.exe: $(TLS_HTTP) $(TLS_HEAD) | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $(CC_$(1)) $(CFLAGS_EXE) -o $$@ $(TLS_HTTP) -lwinhttp -lpsapi

check-tls-$(1): $(TLS_HOST) $(TLS_EXES:%=$(BUILD)/$(1)/tls/%.exe) \
		$(BUILD)/$(1)/secur32.dll $(BUILD)/$(1)/security.dll
	@BUILD=$(BUILD) tests/wine.sh tests/e2e/tls.sh $(1)
endef
$(foreach arch,$(ARCHES),$(eval $(call tls_rules,$(arch))))

check-tls: $(ARCHES:%=check-tls-%)

.PHONY: check-tls $(ARCHES:%=check-tls-%)
