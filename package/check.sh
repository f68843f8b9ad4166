#!/usr/bin/env bash
# check.sh BUILD VERSION: the zip holds what it should, its sums fit, and a second one is the same.
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/tally.sh

name=SspiShim-KB245565-$2
zip=$1/package/$name.zip
work=$1/package-check

quietly() {
    "$@" >/dev/null 2>&1
}

# is_for FORMAT FILE: a DLL in the folder of the other bitness is skipped by Windows without a word
is_for() {
    x86_64-w64-mingw32-objdump -f "$2" | grep -q "file format $1$"
}

# Elsewhere, at another time: the zip must not tell where or when it was made.
zip_elsewhere() {
    local arch
    mkdir -p "$work/elsewhere"
    cp -R LICENSE package "$work/elsewhere/"
    for arch in i686 x86_64; do
        mkdir -p "$work/elsewhere/build/$arch"
        cp "$1/$arch/secur32.dll" "$1/$arch/security.dll" "$work/elsewhere/build/$arch/"
    done
    (cd "$work/elsewhere" && umask 077 && TZ=Asia/Tokyo package/build.sh build "$2") &&
        cmp "$work/first.zip" "$work/elsewhere/build/package/$name.zip"
}

need package unzip zip sha256sum x86_64-w64-mingw32-objdump
package/build.sh "$1" "$2" >/dev/null
rm -rf --one-file-system "$work"
mkdir -p "$work"
cp "$zip" "$work/first.zip"
unzip -q "$zip" -d "$work"
row "the sums do not fit" quietly bash -c "cd '$work/$name' && sha256sum -c --strict SHA256SUMS"
want="LICENSE.txt README.txt SHA256SUMS sspishim.ini x64/secur32.dll x64/security.dll"
want+=" x86/secur32.dll x86/security.dll"
have=$(cd "$work/$name" && find . -type f -printf '%P\n' | LC_ALL=C sort | tr '\n' ' ')
row "the zip holds $have" quietly test "$have" = "$want "
for file in x86/secur32.dll x86/security.dll x64/secur32.dll x64/security.dll; do
    sum=$(sha256sum "$work/$name/$file" | cut -d' ' -f1)
    [[ $file == x86/* ]] && machine=pei-i386 || machine=pei-x86-64
    row "$file is not for its machine" quietly is_for "$machine" "$work/$name/$file"
    row "README.txt does not know $file" quietly \
        grep -q "$file .*$2 .*$sum" "$work/$name/README.txt"
done
row "README.txt has a place left open" quietly \
    bash -c "! grep -q '@[A-Z]*@' '$work/$name/README.txt'"
for file in README.txt LICENSE.txt sspishim.ini; do
    row "$file has bare line ends" quietly bash -c "! grep -qv \$'\r\$' '$work/$name/$file'"
done
# Its lines are what the parser's test has read; only their ends differ.
row "sspishim.ini is not the one that is tested" quietly \
    bash -c "tr -d '\r' <'$work/$name/sspishim.ini' | cmp - package/sspishim.ini"
sleep 2 # the time of a zip counts by two seconds
row "a second zip differs" quietly zip_elsewhere "$1" "$2"
finish package
