# dll.mk: tests of the built DLLs, which lie beside the test programs as beside any program.
#   make check-dll      both architectures
# CMOCKA_<arch> is win.mk's; the guests are DLLs of the program's own that are not under test.

DLL_TESTS  := exports table real image config
DLL_SHARED := dll_row dll_call dll_invoke dll_load dll_image dll_heard test
DLL_MARKS  := SpLsaModeInitialize SpUserModeInitialize InitSecurityInterfaceA InitSecurityInterfaceW
CFLAGS_DLL_TEST := $(CFLAGS_EXE) -Itests/core -Idef -MMD -MP

# $(1) the architecture
define dll_test_arch
DLL_DIR_$1 := $(BUILD)/$1/dll-tests
DLL_FILES_$1 := $(DLLS:%=$(BUILD)/$1/dll-tests/%.dll) $(BUILD)/$1/dll-tests/guest.dll \
	$(BUILD)/$1/dll-tests/fake/secur32.dll $(DLL_MARKS:%=$(BUILD)/$1/dll-tests/%.dll)

$$(DLL_DIR_$1)/%.o: tests/win/%.c | $(BUILD)/$1/cmocka/lib/libcmocka.a
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) $$(CFLAGS_DLL_TEST) $$(CMOCKA_$1) -c -o $$@ $$<
$$(DLL_DIR_$1)/%.o: tests/core/%.c | $(BUILD)/$1/cmocka/lib/libcmocka.a
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) $$(CFLAGS_DLL_TEST) $$(CMOCKA_$1) -c -o $$@ $$<
$$(DLL_DIR_$1)/%.o: tests/win/%.S | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) -c -o $$@ $$<
$(DLL_TESTS:%=$(BUILD)/$1/dll-tests/%_test.exe): $$(DLL_DIR_$1)/%.exe: $$(DLL_DIR_$1)/%.o \
		$(DLL_SHARED:%=$(BUILD)/$1/dll-tests/%.o)
	@echo "  $$@"; $$(CC_$1) -static -o $$@ $$^ $(BUILD)/$1/cmocka/lib/libcmocka.a -lversion

# What is beside the programs: the DLLs under test, and guests that are not.
$(DLLS:%=$(BUILD)/$1/dll-tests/%.dll): $$(DLL_DIR_$1)/%: $(BUILD)/$1/%
	@mkdir -p $$(@D)
	@cp $$< $$@
$$(DLL_DIR_$1)/guest.dll: tests/win/dll_guest.c | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) $$(CFLAGS_EXE) -shared -Wl,--kill-at -o $$@ $$<
$(DLL_MARKS:%=$(BUILD)/$1/dll-tests/%.dll): $$(DLL_DIR_$1)/%.dll: tests/win/dll_guest.c \
		tests/win/dll_package.c | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) $$(CFLAGS_EXE) -DMARK=$$* -shared -Wl,--kill-at -o $$@ $$^
$$(DLL_DIR_$1)/fake/secur32.dll: tests/win/dll_fake.c | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) $$(CFLAGS_EXE) -shared -Wl,--kill-at -o $$@ $$<

check-dll-$1: $(DLL_TESTS:%=$(BUILD)/$1/dll-tests/%_test.exe) $$(DLL_FILES_$1)
	@tests/wine.sh tests/win/run.sh $$(filter %.exe,$$^)
-include $(wildcard $(BUILD)/$1/dll-tests/*.d)
.PHONY: check-dll-$1
endef
$(foreach a,$(ARCHES),$(eval $(call dll_test_arch,$a)))

check-dll: $(ARCHES:%=check-dll-%)
.PHONY: check-dll
