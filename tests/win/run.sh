#!/usr/bin/env bash
# run.sh TEST.exe...: runs Windows test programs under the Wine that tests/wine.sh made ready. The
# first one that fails ends it.
set -euo pipefail

for test in "$@"; do
    CMOCKA_MESSAGE_OUTPUT=STDOUT timeout 300 wine "$test" | tr -d '\r'
done
