#!/bin/bash
# cppcheck.sh: cppcheck on the core and the face, for both kinds of Windows; cppcheck.txt says what
# it may not say. Counts files, each twice.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh

# look PLATFORM FILE MACRO...
look() {
    local findings platform=$1 file=$2
    shift 2
    if findings=$(cppcheck --quiet --std=c11 --platform="$platform" "${@/#/-D}" -D_WIN32 \
        --enable=warning,style,performance,portability --suppressions-list=tests/lint/cppcheck.txt \
        --error-exitcode=1 -Iinclude -Idef -Ishim/win "$file" 2>&1) && [ -z "$findings" ]; then
        pass
    else
        fail "$file ($platform): $findings"
    fi
}

need lint-cppcheck cppcheck
for file in shim/core/*.c shim/win/*.c; do
    look win32W "$file" __i386__
    look win64 "$file" __x86_64__ _WIN64
done
finish lint-cppcheck
