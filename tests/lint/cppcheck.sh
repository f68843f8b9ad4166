#!/usr/bin/env bash
# cppcheck.sh: static analysis of what goes into the DLLs, as 32-bit and 64-bit Windows code.
# Counts files and platforms.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/lint/tally.sh

need lint-cppcheck cppcheck
for platform in win32A win64; do
    for file in shim/core/*.c shim/win/*.c; do
        if findings=$(cppcheck -q --std=c11 --platform=$platform --error-exitcode=1 --inline-suppr \
            --enable=warning,performance,portability -Iinclude -Idef "$file" 2>&1); then
            pass
        else
            fail "$file: $findings"
        fi
    done
done
finish lint-cppcheck
