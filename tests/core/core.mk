# Host tests of the core, with the address and undefined-behaviour sanitizers.

CORE_TESTS  := bytes scan scan_sse2 ntlm crypt sealing mac exact exact_refuse exact_random \
	length frame frame_stream hold stream settings fault
CFLAGS_CORE := $(CFLAGS_HOST) -Itests/core -DTEST_ARCH='""' \
	-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

$(BUILD)/host/core/%.o: shim/core/%.c | $(BUILD)/stamps/packages
	@mkdir -p $(@D)
	@echo "  $@"; $(HOSTCC) $(CFLAGS_CORE) -MMD -MP -c -o $@ $<
$(BUILD)/host/core/%.o: tests/core/%.c | $(BUILD)/stamps/packages
	@mkdir -p $(@D)
	@echo "  $@"; $(HOSTCC) $(CFLAGS_CORE) -DSUITE='"scan"' -MMD -MP -c -o $@ $<
$(BUILD)/host/core/scan_sse2_test.o: tests/core/scan_test.c | $(BUILD)/stamps/packages
	@mkdir -p $(@D)
	@echo "  $@"; $(HOSTCC) $(CFLAGS_CORE) -DSUITE='"scan_sse2"' -MMD -MP -c -o $@ $<

CRYPT := mac sealing crc32 hmac md5 rc4 bytes
EXACT := exact $(CRYPT) scan

# Each test with the modules below it; the frame test counts what the search reads.
core_objs = $(patsubst %,$(BUILD)/host/core/%.o,test guard $1_test $2)
$(BUILD)/host/core/bytes_test: $(call core_objs,bytes,bytes)
$(BUILD)/host/core/scan_test: $(call core_objs,scan,scan)
$(BUILD)/host/core/scan_sse2_test: $(call core_objs,scan_sse2,scan_sse2)
$(BUILD)/host/core/ntlm_test: $(call core_objs,ntlm,ntlm bytes)
$(BUILD)/host/core/crypt_test: $(call core_objs,crypt,sealer $(CRYPT))
$(BUILD)/host/core/sealing_test: $(call core_objs,sealing,sealer $(CRYPT))
$(BUILD)/host/core/mac_test: $(call core_objs,mac,recording $(CRYPT))
$(BUILD)/host/core/exact_test: $(call core_objs,exact,side recording $(EXACT))
$(BUILD)/host/core/exact_refuse_test: $(call core_objs,exact_refuse,side recording $(EXACT))
$(BUILD)/host/core/exact_random_test: $(call core_objs,exact_random,sealer $(EXACT))
$(BUILD)/host/core/exact_random_test: LDFLAGS_CORE := -Wl,--wrap=mac_add
$(BUILD)/host/core/frame_test: \
	$(call core_objs,frame,io frame signature length ntlm $(EXACT))
$(BUILD)/host/core/frame_stream_test: \
	$(call core_objs,frame_stream,io recording frame signature length ntlm $(EXACT))
$(BUILD)/host/core/frame_test $(BUILD)/host/core/frame_stream_test: \
	LDFLAGS_CORE := -Wl,--wrap=scan_word
$(BUILD)/host/core/length_test: $(call core_objs,length,length)
$(BUILD)/host/core/stream_test: \
	$(call core_objs,stream,stream hold frame signature length ntlm $(EXACT))
$(BUILD)/host/core/hold_test: $(call core_objs,hold,hold bytes)
$(BUILD)/host/core/settings_test: $(call core_objs,settings,said word fault settings ini)
$(BUILD)/host/core/fault_test: $(call core_objs,fault,said word fault settings ini)
$(CORE_TESTS:%=$(BUILD)/host/core/%_test):
	@echo "  $@"; $(HOSTCC) $(CFLAGS_CORE) $(LDFLAGS_CORE) -o $@ $^ -lcmocka -lnettle

check-core: $(CORE_TESTS:%=$(BUILD)/host/core/%_test)
	@for test in $^; do CMOCKA_MESSAGE_OUTPUT=STDOUT $$test || exit 1; done

-include $(wildcard $(BUILD)/host/core/*.d)
.PHONY: check-core
