# lint.mk: what can be said of the sources and the DLLs without running them.
#   make lint           all of it; make lint-<name> one of it
# Every check is a script of its own with a closing line, and goes on where another one fails.

LINT := format lengths core cppcheck tidy layers imports counts callers reproducible
LINT_DLLS := $(foreach arch,$(ARCHES),$(DLLS:%=$(BUILD)/$(arch)/%.dll))

lint:
	@$(MAKE) --no-print-directory --keep-going $(LINT:%=lint-%)

check-lint: lint

lint-format lint-lengths lint-core lint-cppcheck lint-tidy lint-callers: \
		lint-%: | $(BUILD)/stamps/packages
	@tests/lint/$*.sh

lint-layers: $(OBJS_x86_64)
	@tests/lint/layers.sh $(words $(CORE)) $(OBJS_x86_64)

lint-imports: $(LINT_DLLS)
	@tests/lint/imports.sh $(LINT_DLLS)

lint-counts: | $(BUILD)/stamps/packages
	@tests/lint/counts.sh $(CC_i686)

lint-reproducible: | $(BUILD)/stamps/packages
	@tests/lint/reproducible.sh $(BUILD)/lint/reproducible

.PHONY: lint check-lint $(LINT:%=lint-%)
