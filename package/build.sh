#!/usr/bin/env bash
# build.sh BUILD VERSION: puts the zip together, from the DLLs in BUILD. The same input gives the
# same bytes: one date for all files, one order, one mode, and no owner in the archive.
set -euo pipefail
cd "$(dirname "$0")/.."

out=$1/package
name=SspiShim-KB245565-$2
tree=$out/$name

fail() {
    echo "package: $*" >&2
    exit 1
}

file_table() {
    printf '  %-18s %-8s %8s  %s\n' name version bytes SHA-256
    for file in x86/secur32.dll x86/security.dll x64/secur32.dll x64/security.dll; do
        printf '  %-18s %-8s %8s  %s\n' "$file" "$1" "$(stat -c %s "$tree/$file")" \
            "$(sha256sum "$tree/$file" | cut -d' ' -f1)"
    done
}

command -v zip >/dev/null || fail "zip is missing; run tests/setup/packages.sh"
rm -rf --one-file-system "$out"
mkdir -p "$tree/x86" "$tree/x64"
cp "$1/i686/secur32.dll" "$1/i686/security.dll" "$tree/x86/"
cp "$1/x86_64/secur32.dll" "$1/x86_64/security.dll" "$tree/x64/"
table=$(file_table "$2")
awk -v version="$2" -v table="$table" '
    /^@FILES@$/ { print table; next } { sub(/@VERSION@/, version); print }' \
    package/README.txt.in | sed 's/$/\r/' >"$tree/README.txt"
sed 's/$/\r/' LICENSE >"$tree/LICENSE.txt"
sed 's/$/\r/' package/sspishim.ini >"$tree/sspishim.ini"
(cd "$tree" && sha256sum LICENSE.txt README.txt sspishim.ini x64/*.dll x86/*.dll >SHA256SUMS)
find "$tree" -type f -exec chmod 644 {} + -exec touch -d 2000-01-01T00:00:00Z {} +
(cd "$out" && find "$name" -type f | LC_ALL=C sort | TZ=UTC zip -q -X -9 "$name.zip" -@)
echo "package: $out/$name.zip"
