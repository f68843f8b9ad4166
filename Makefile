# SspiShim: secur32.dll and security.dll for i686 and x86_64.
#   make          the four DLLs, in build/<arch>/
#   make demo     the failure without the shim and the repair with it
#   make check    all tests
#   make package  the zip; make bench: what a call costs; make lint; make clean

BUILD  := build
ARCHES := i686 x86_64
DLLS   := secur32 security
HOSTCC ?= gcc

CC_i686        := i686-w64-mingw32-gcc
CC_x86_64      := x86_64-w64-mingw32-gcc
WINDRES_i686   := i686-w64-mingw32-windres
WINDRES_x86_64 := x86_64-w64-mingw32-windres

WARN        := -Wall -Wextra -Werror -Wvla -Wshadow -Wstrict-prototypes -Wmissing-prototypes
CFLAGS_HOST := -std=gnu11 -O1 -g $(WARN) -Iinclude
# Windows programs of the tests: these may use the C runtime, the DLLs may not.
CFLAGS_EXE  := -std=gnu11 -O1 -g $(WARN) -Iinclude

# No C runtime. Frames under a page keep the stack probe out; loops must not become calls to the
# functions that they implement. NT 4 runs on a 486.
CFLAGS_DLL := -std=gnu11 -O2 -ffreestanding -fno-builtin -fno-tree-loop-distribute-patterns \
	-fno-ident -fno-stack-protector -Wframe-larger-than=2048 $(WARN) -Iinclude -Idef -MMD -MP
ARCH_i686   := -march=i486 -mtune=generic -fno-asynchronous-unwind-tables
ARCH_x86_64 := -mtune=generic

# Byte for byte the same from any folder: no time, and no image base hashed from the output's path.
# (strip would put the time back, so that the linker has to leave the symbols out.)
LDFLAGS_DLL := -shared -nostdlib -s -Wl,--no-insert-timestamp,--disable-auto-image-base \
	-Wl,--disable-stdcall-fixup,--nxcompat,--dynamicbase,--subsystem,windows:4.0 \
	-Wl,--major-os-version,4,--minor-os-version,0
ENTRY_i686   := -Wl,--entry,_DllMain@12,--no-seh
ENTRY_x86_64 := -Wl,--entry,DllMain,--high-entropy-va
BASE_i686_secur32    := 0x6A3C0000
BASE_i686_security   := 0x6A3E0000
BASE_x86_64_secur32  := 0x26A3C0000
BASE_x86_64_security := 0x26A3E0000

# The layers, lowest first: a file may call only what stands before it (tests/lint/layers.sh).
CORE := word fault settings ini bytes scan ntlm rc4 md5 hmac crc32 sealing mac exact length \
	signature frame hold stream
FACE := memory own count log config status real key directory context secbuf judge inner room \
	answer offer record repair unseal lifecycle send table stubs entry
SCAN_i686   := scan
SCAN_x86_64 := scan_sse2

all: $(foreach a,$(ARCHES),$(DLLS:%=$(BUILD)/$a/%.dll))

define arch
OBJS_$1 := $(patsubst %,$(BUILD)/$1/obj/%.o,$(subst scan,$(SCAN_$1),$(CORE)) $(FACE))

# Other flags are other objects.
$$(OBJS_$1): Makefile
$(BUILD)/$1/obj/%.o: shim/core/%.c | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) $$(CFLAGS_DLL) $$(ARCH_$1) -c -o $$@ $$<
$(BUILD)/$1/obj/%.o: shim/win/%.c | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) $$(CFLAGS_DLL) $$(ARCH_$1) -c -o $$@ $$<
$(BUILD)/$1/obj/%.o: shim/win/%.S def/exports.inc | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) -Idef -c -o $$@ $$<
$(BUILD)/$1/obj/%.def: def/%.def.in def/exports.inc | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(CC_$1) -E -P -x c -Idef -o $$@ $$<
$(BUILD)/$1/obj/%.res.o: def/version.rc include/version.h | $(BUILD)/stamps/packages
	@mkdir -p $$(@D)
	@echo "  $$@"; $$(WINDRES_$1) -Iinclude -DDLL_NAME='\"$$*.dll\"' -o $$@ $$<
$(BUILD)/$1/%.dll: $$(OBJS_$1) $(BUILD)/$1/obj/%.def $(BUILD)/$1/obj/%.res.o
	@echo "  $$@"; $$(CC_$1) $$(LDFLAGS_DLL) $$(ENTRY_$1) \
		-Wl,--image-base,$$(BASE_$1_$$*) -o $$@ $$^ -lkernel32
-include $$(OBJS_$1:.o=.d)
endef
$(foreach a,$(ARCHES),$(eval $(call arch,$a)))

include $(wildcard tests/*/*.mk package/*.mk)

# Everything, the quick first. Each suite closes with `name: N passed, M failed`.
SUITES := core model lint win dll package ntlm kerberos tls
check: all
	@tests/wine.sh tests/suites.sh $(SUITES)

demo: all
	@$(MAKE) --no-print-directory demo-run

clean:
	rm -rf --one-file-system $(BUILD)

.PHONY: all check demo clean
.DELETE_ON_ERROR:
.SECONDARY:
