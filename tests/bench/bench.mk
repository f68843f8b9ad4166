# bench.mk: what a DecryptMessage call costs; not a part of `make check`, since time is not judged.
#   make bench          both architectures, under two minutes
#   make bench-x86_64   one of them
#   make bench-wine10   x86_64 with the provider that gives the session key

BENCH_PEER := $(addprefix tests/peer/,logon.c net.c sealer.c) tests/bench/bench_peer.c
BENCH_WAYS := $(addprefix tests/bench/,ways.c timing.c jump.S)
BENCH_COST := $(addprefix tests/bench/,cost_bench.c merge_bench.c null_provider.c)
BENCH_DEPS := $(wildcard tests/bench/*.h include/*.h shim/win/*.h) def/exports.inc \
	tests/bench/bench.mk

$(BUILD)/host/bench_peer: $(BENCH_PEER) $(BENCH_DEPS) \
		$(addprefix tests/peer/,logon.h net.h sealer.h) | $(BUILD)/stamps/packages
	@mkdir -p $(@D)
	@echo "  $@"; $(HOSTCC) $(CFLAGS_HOST) -Itests/peer -o $@ $(BENCH_PEER) \
		-lgssapi_krb5 -lcrypto

# $(1) the architecture. cost_bench has the shim's objects in it, but for those that lead to the
# system's DLL, which null_provider.c stands in for.
define bench_rules
BENCH_SHIM_$(1) = $$(filter-out %/real.o %/table.o %/stubs.o %/entry.o,$$(OBJS_$(1)))

$(BUILD)/$(1)/bench/unseal_bench.exe: tests/bench/unseal_bench.c tests/bench/session.c \
		$(BENCH_WAYS) $(BENCH_DEPS) | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $(CC_$(1)) $(CFLAGS_EXE) -O2 -o $$@ $$(filter %.c %.S,$$^) -lws2_32

$(BUILD)/$(1)/bench/cost_bench.exe: $(BENCH_COST) $(BENCH_WAYS) $$(BENCH_SHIM_$(1)) \
		$(BENCH_DEPS) | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $(CC_$(1)) $(CFLAGS_EXE) -O2 -Ishim/win -Idef -Wl,--wrap=memory_take -o $$@ \
		$$(filter %.c %.S %.o,$$^)

bench-$(1): $(BUILD)/host/bench_peer $(BUILD)/$(1)/bench/unseal_bench.exe \
		$(BUILD)/$(1)/bench/cost_bench.exe $(BUILD)/$(1)/secur32.dll
	@BUILD=$(BUILD) tests/wine.sh tests/bench/bench.sh $(1)
endef
$(foreach arch,$(ARCHES),$(eval $(call bench_rules,$(arch))))

bench: $(ARCHES:%=bench-%)

bench-wine10: $(BUILD)/host/bench_peer $(BUILD)/x86_64/bench/unseal_bench.exe \
		$(BUILD)/x86_64/bench/cost_bench.exe $(BUILD)/x86_64/secur32.dll \
		| $(BUILD)/wine10/root
	@BUILD=$(BUILD) tests/wine10.sh tests/bench/bench.sh x86_64

.PHONY: bench bench-wine10 $(ARCHES:%=bench-%)
