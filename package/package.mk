# package.mk: the zip, from the four DLLs.

VERSION := $(shell sed -n 's/^.define VERSION_TEXT *"\(.*\)"/\1/p' include/version.h)

package: all
	@package/build.sh $(BUILD) $(VERSION)

check-package: all
	@package/check.sh $(BUILD) $(VERSION)

.PHONY: package check-package
