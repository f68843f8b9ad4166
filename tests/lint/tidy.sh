#!/bin/bash
# tidy.sh: clang's static analyzer and its checks for what is easily got wrong, on the core as the
# host sees it and on the face as a 64-bit Windows does. (gcc -fanalyzer is not run: version 12
# takes the result of a memchr in memory at NULL for possible.) Counts files.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh

CHECKS='-*,clang-analyzer-*,bugprone-*'
# Every memcpy and memset: there is no bounds-checked one without a C runtime.
CHECKS+=',-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling'
# Every function that takes two sizes.
CHECKS+=',-bugprone-easily-swappable-parameters'
# Constants such as 2 * NTLM_SIGNATURE as part of a size_t.
CHECKS+=',-bugprone-implicit-widening-of-multiplication-result'
# A table of pointers is allocated by the size of a pointer.
CHECKS+=',-bugprone-sizeof-expression'

# look FILE FLAG...
look() {
    local findings file=$1
    shift
    if findings=$(clang-tidy --quiet --checks="$CHECKS" --warnings-as-errors='*' "$file" -- \
        -std=gnu11 -Iinclude -Idef "$@" 2>/dev/null); then
        pass
    else
        fail "$file: $findings"
    fi
}

need lint-tidy clang-tidy x86_64-w64-mingw32-gcc
for file in shim/core/*.c; do look "$file"; done
headers=$(x86_64-w64-mingw32-gcc -E -v -x c - </dev/null 2>&1 |
    awk '/mingw32\/include$/ { at = $1 } END { print at }')
[ -f "$headers/windows.h" ] || fail "mingw's windows.h is not in '$headers'"
for file in shim/win/*.c; do look "$file" --target=x86_64-w64-mingw32 -isystem "$headers"; done
finish lint-tidy
