#!/usr/bin/env bash
# check.sh BUILD VERSION: the zip holds what it should, its sums fit, and a second one is the same.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/lint/tally.sh

name=SspiShim-KB245565-$2
zip=$1/package/$name.zip
work=$1/package-check

try() {
    local what=$1
    shift
    if "$@" >/dev/null 2>&1; then pass; else fail "$what"; fi
}

need package unzip zip sha256sum
package/build.sh "$1" "$2" >/dev/null
rm -rf --one-file-system "$work"
mkdir -p "$work"
cp "$zip" "$work/first.zip"
unzip -q "$zip" -d "$work"
try "the sums do not fit" bash -c "cd '$work/$name' && sha256sum -c --strict SHA256SUMS"
want="LICENSE.txt README.txt SHA256SUMS x64/secur32.dll x64/security.dll x86/secur32.dll"
want+=" x86/security.dll"
have=$(cd "$work/$name" && find . -type f -printf '%P\n' | LC_ALL=C sort | tr '\n' ' ')
try "the zip holds $have" test "$have" = "$want "
for file in x86/secur32.dll x86/security.dll x64/secur32.dll x64/security.dll; do
    sum=$(sha256sum "$work/$name/$file" | cut -d' ' -f1)
    try "README.txt does not know $file" grep -q "$file .*$2 .*$sum" "$work/$name/README.txt"
done
try "README.txt has a place left open" bash -c "! grep -q '@[A-Z]*@' '$work/$name/README.txt'"
try "README.txt has bare line ends" bash -c "! grep -qv \$'\r\$' '$work/$name/README.txt'"
sleep 2 # the time of a zip counts by two seconds
package/build.sh "$1" "$2" >/dev/null
try "a second zip differs" cmp -s "$zip" "$work/first.zip"
finish package
