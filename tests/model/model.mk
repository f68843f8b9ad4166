# The model test: the face and the core on the host, under the sanitizers, against fake providers.
#   make model SEED=n CASES=n   more than make check runs

MODEL_SHIM := word fault settings ini bytes scan ntlm rc4 md5 hmac crc32 sealing mac exact length \
	signature frame hold stream count status key directory context secbuf judge inner room \
	answer offer repair record unseal lifecycle send
MODEL_OBJS := model plan print fate wire host provider keyed session program trial trial_call \
	trial_memory shrink rows cost
MODEL_CORE := sealer
MODEL_FAKE := fake fake_leg fake_krb

# wchar_t is WCHAR; a frame of a plan is larger than the DLL may have.
CFLAGS_MODEL := $(CFLAGS_HOST) -Itests/model -Itests/model/include -Itests/win -Itests/core \
	-Ishim/win -Idef -fshort-wchar -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
# What the shim copies is counted: its calls become ours, and none becomes instructions.
MODEL_COUNTED := memcpy memmove memset memcmp memchr
MODEL_WRAP    := bytes_rotate bytes_swap scan_word mac_add

define model_shim
	@mkdir -p $(@D)
	@echo "  $@"; $(HOSTCC) $(CFLAGS_MODEL) -fno-builtin -MMD -MP -c -o $@ $<
	@objcopy $(foreach f,$(MODEL_COUNTED),--redefine-sym $f=cost_$f) $@
endef
$(BUILD)/host/model/shim/%.o: shim/core/%.c | $(BUILD)/stamps/packages
	$(model_shim)
$(BUILD)/host/model/shim/%.o: shim/win/%.c | $(BUILD)/stamps/packages
	$(model_shim)
$(BUILD)/host/model/%.o: tests/model/%.c | $(BUILD)/stamps/packages
	@mkdir -p $(@D)
	@echo "  $@"; $(HOSTCC) $(CFLAGS_MODEL) -MMD -MP -c -o $@ $<
$(BUILD)/host/model/%.o: tests/win/%.c | $(BUILD)/stamps/packages
	@mkdir -p $(@D)
	@echo "  $@"; $(HOSTCC) $(CFLAGS_MODEL) -O2 -MMD -MP -c -o $@ $<
$(BUILD)/host/model/%.o: tests/core/%.c | $(BUILD)/stamps/packages
	@mkdir -p $(@D)
	@echo "  $@"; $(HOSTCC) $(CFLAGS_MODEL) -O2 -MMD -MP -c -o $@ $<
$(BUILD)/host/model/model: $(MODEL_SHIM:%=$(BUILD)/host/model/shim/%.o) \
		$(patsubst %,$(BUILD)/host/model/%.o,$(MODEL_OBJS) $(MODEL_FAKE) $(MODEL_CORE))
	@echo "  $@"; $(HOSTCC) $(CFLAGS_MODEL) $(MODEL_WRAP:%=-Wl,--wrap=%) -o $@ $^ -lnettle

# The quarantine for freed memory need not be larger than a few reads.
MODEL_RUN = ASAN_OPTIONS=quarantine_size_mb=8 $(BUILD)/host/model/model
check-model: $(BUILD)/host/model/model
	@$(MODEL_RUN)
model: $(BUILD)/host/model/model
	@$(MODEL_RUN) $(or $(SEED),$(shell date +%s)) $(or $(CASES),200000)

-include $(wildcard $(BUILD)/host/model/*.d $(BUILD)/host/model/shim/*.d)
.PHONY: check-model model
