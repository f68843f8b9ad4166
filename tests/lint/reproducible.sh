#!/bin/bash
# reproducible.sh WORK: the DLLs are the same to the byte from whatever folder they are built in:
# builds all four in two copies of the sources whose paths differ in length too, and compares their
# SHA-256. Counts DLLs.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh

WORK=${1:?usage: reproducible.sh WORK}
COPIES=("$WORK/one" "$WORK/a-second-folder/with-a-longer-path")

need lint-reproducible make sha256sum
rm -rf --one-file-system "$WORK"
for copy in "${COPIES[@]}"; do
    copy_sources "$copy"
    build_in "$copy" all || fail "the build in $copy failed"
done
for dll in {i686,x86_64}/{secur32,security}.dll; do
    sums=$(cd "${COPIES[0]}/build" && sha256sum "$dll" || echo none)
    other=$(cd "${COPIES[1]}/build" && sha256sum "$dll" || echo other)
    if [ "$sums" = "$other" ]; then pass; else fail "$dll differs: $sums, $other"; fi
done
[ "$FAILED" != 0 ] || rm -rf --one-file-system "$WORK"
finish lint-reproducible
