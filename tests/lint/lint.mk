# lint.mk: what can be checked without running the DLLs. Part of make check.

LINT_OBJS := $(CORE:scan=scan_sse2) $(FACE)

lint: all
	@tests/lint/format.sh
	@tests/lint/lengths.sh
	@tests/lint/cppcheck.sh
	@tests/lint/core.sh
	@tests/lint/layers.sh $(words $(CORE)) $(LINT_OBJS:%=$(BUILD)/x86_64/obj/%.o)
	@tests/lint/imports.sh $(foreach a,$(ARCHES),$(DLLS:%=$(BUILD)/$a/%.dll))
	@tests/lint/counts.sh $(CC_i686)
	@tests/lint/reproducible.sh $(BUILD)/reproducible

.PHONY: lint
