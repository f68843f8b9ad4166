# Tests of the face under Wine, with the shim's own objects and a fake provider, i686 and x86_64.

WIN_TESTS  := unseal repair shape deliver context lifecycle zoo_record zoo_message \
	zoo_shape zoo_oneshot zoo_partial zoo_slot split cap report \
	number token trial choice acceptor key key_life send overlap race exact_split exact_call \
	cells hostile hostile_krb
CFLAGS_WIN := $(CFLAGS_EXE) -Itests/core -Ishim/win -Idef -MMD -MP

define win_arch
SHIM_OBJS_$1 := $(patsubst %,$(BUILD)/$1/obj/%.o,word fault settings ini bytes $(SCAN_$1) \
	ntlm rc4 md5 hmac crc32 sealing mac exact length signature frame hold stream count status \
	key directory context secbuf judge inner room answer offer record repair unseal lifecycle \
	send)
CMOCKA_$1 := -DTEST_ARCH='"-$1"' -I$(BUILD)/$1/cmocka/include
WIN_OBJS_$1 := $(patsubst %,$(BUILD)/$1/test/%.o,guard test fake fake_leg leg \
	fake_krb fake_tls caller read wire fake_replay end shared recording said zoo \
	zoo_stream zoo_check)

$(BUILD)/$1/test/%.o: tests/win/%.c | $(BUILD)/$1/cmocka/lib/libcmocka.a
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) $$(CFLAGS_WIN) $$(CMOCKA_$1) -c -o $$@ $$<
$(BUILD)/$1/test/%.o: tests/core/%.c | $(BUILD)/$1/cmocka/lib/libcmocka.a
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) $$(CFLAGS_WIN) $$(CMOCKA_$1) -c -o $$@ $$<
$(BUILD)/$1/test/%_test.exe: $(BUILD)/$1/test/%_test.o $$(WIN_OBJS_$1) $$(SHIM_OBJS_$1)
	@echo "  $$@"; $$(CC_$1) -static -o $$@ $$^ $(BUILD)/$1/cmocka/lib/libcmocka.a

check-win-$1: $(WIN_TESTS:%=$(BUILD)/$1/test/%_test.exe)
	@tests/wine.sh tests/win/run.sh $$^
-include $(wildcard $(BUILD)/$1/test/*.d)
.PHONY: check-win-$1
endef
$(foreach a,$(ARCHES),$(eval $(call win_arch,$a)))

check-win: $(ARCHES:%=check-win-%)
.PHONY: check-win
