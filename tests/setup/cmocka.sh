#!/usr/bin/env bash
# cmocka.sh ARCH: builds a static cmocka for Windows (i686 or x86_64), which no package has,
# from Debian's source package, into build/ARCH/cmocka/{include,lib}.
# The source comes from the archive that this machine's apt is configured for, through lists and
# state of our own under build/: the machine's own configuration is read and stays as it is.
set -euo pipefail

arch=${1:?usage: cmocka.sh i686|x86_64}
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$root/build/cmocka
out=$root/build/$arch/cmocka

fail() {
    echo "cmocka: $*" >&2
    exit 1
}

# Both forms of apt's sources, as source entries of the main archive alone: the suite that bears the
# release's name, without its updates, and the component main.
write_sources() {
    local file
    rm -rf apt
    mkdir -p apt/parts apt/lists/partial apt/cache/archives/partial
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ ! -f "$file" ] || sed -nE "s/^deb(-src)?([[:space:]]+(\\[.*\\][[:space:]]+)?[^[:space:]]+[[:space:]]+$1)[[:space:]](.*[[:space:]])?main([[:space:]].*)?\$/deb-src\\2 main/p" "$file"
    done >apt/parts/main.list
    for file in /etc/apt/sources.list.d/*.sources; do
        [ ! -f "$file" ] || stanzas "$1" "$file"
    done >apt/parts/main.sources
    [ -s apt/parts/main.list ] || [ -s apt/parts/main.sources ] ||
        fail "apt's sources name no archive with the suite $1"
}

# Unpacked under a name of its own first, so that a broken download is not taken for a source.
fetch() {
    [ ! -d source ] || return 0
    echo "cmocka: fetching Debian's source package"
    write_lists
    local private=(-o "Dir::Etc::sourcelist=$PWD/apt/sources.list" -o Dir::Etc::sourceparts=-
        -o "Dir::State::lists=$PWD/apt/lists" -o "Dir::Cache=$PWD/apt/cache"
        -o APT::Sandbox::User=root -o APT::Get::List-Cleanup=false)
    rm -rf download
    mkdir download
    (cd download && apt-get "${private[@]}" -q update && apt-get "${private[@]}" -q source cmocka) \
        >fetch.log 2>&1 || {
        tail -n 15 fetch.log >&2
        fail "the download of the source package failed; the whole log is in $work/fetch.log"
    }
    mv download/cmocka-*/ source
}

# One C file and its headers: a compiler call says more than cmake with a cross tool chain would.
build() {
    local cc=$arch-w64-mingw32-gcc ar=$arch-w64-mingw32-ar
    echo "cmocka: building for $arch"
    rm -rf "$out.new"
    mkdir -p "$out.new/include" "$out.new/lib"
    cp source/include/cmocka*.h "$out.new/include/"
    "$cc" -std=gnu11 -O1 -g -w -Isource/include "-I$root/tests/setup" -DHAVE_CONFIG_H \
        -c -o "$out.new/cmocka.o" source/src/cmocka.c
    "$ar" rcsD "$out.new/lib/libcmocka.a" "$out.new/cmocka.o"
    rm -rf "$out" "$out.new/cmocka.o"
    mv "$out.new" "$out"
}

[ "$arch" = i686 ] || [ "$arch" = x86_64 ] || fail "unknown architecture $arch"
mkdir -p "$work" "$root/build/$arch"
cd "$work"
exec 9>lock
flock 9
fetch
build
