#!/usr/bin/env bash
# cmocka.sh ARCH: builds a static cmocka for Windows (i686 or x86_64), which no package has,
# from Debian's source package, into build/ARCH/cmocka/{include,lib}.
# The source comes from the archive that this machine's apt is configured for, through sources,
# lists and cache of our own under build/: the machine's own configuration stays as it is.
set -euo pipefail

arch=${1:?usage: cmocka.sh i686|x86_64}
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$root/build/cmocka
out=$root/build/$arch/cmocka

fail() {
    echo "cmocka: $*" >&2
    exit 1
}

# One-line sources: the lines of the suite with the component main, as sources.
main_lines() {
    awk -v suite="$1" '/^[ \t]*deb(-src)?[ \t]/ {
        rest = $0
        sub(/^[ \t]*deb(-src)?[ \t]+/, "", rest)
        bare = rest
        sub(/^\[[^]]*\][ \t]*/, "", bare)
        option = substr(rest, 1, length(rest) - length(bare))
        n = split(bare, field, /[ \t]+/)
        for (i = 3; field[2] == suite && i <= n && field[i] !~ /^#/; i++)
            if (field[i] == "main") { print "deb-src " option field[1], suite, "main"; break }
    }' "$2"
}

# deb822 sources: the stanzas that hold the suite and the component main, reduced to these.
main_stanzas() {
    sed '/^[[:space:]]*#/d' "$2" | awk -v suite="$1" -v RS= '
        function has(name, word,   line) {
            return match($0, "(^|\n)" name ":[^\n]*") &&
                (line = substr($0, RSTART, RLENGTH) " ") ~ ("[ \t:]" word "[ \t]")
        }
        tolower($0) !~ /(^|\n)enabled:[ \t]*(no|false)/ && has("Suites", suite) &&
            has("Components", "main") {
            gsub(/(^|\n)(Types|Suites|Components|Architectures):[^\n]*/, "")
            print $0 "\nTypes: deb-src\nSuites: " suite "\nComponents: main\n"
        }'
}

write_sources() {
    local file release
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    rm -rf apt
    mkdir -p apt/parts apt/lists/partial apt/cache/archives/partial
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ ! -f "$file" ] || main_lines "$release" "$file"
    done >apt/parts/main.list
    for file in /etc/apt/sources.list.d/*.sources; do
        [ ! -f "$file" ] || main_stanzas "$release" "$file"
    done >apt/parts/main.sources
    [ -s apt/parts/main.list ] || [ -s apt/parts/main.sources ] ||
        fail "apt's configuration names no archive with the suite $release and component main"
}

# An index that complains decides nothing: the source arrives or does not. The upstream part is
# enough; Debian's patches concern the documentation.
download() {
    local private=(-q -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$work/apt/parts"
        -o "Dir::State::lists=$work/apt/lists" -o "Dir::Cache=$work/apt/cache"
        -o APT::Sandbox::User=)
    apt-get "${private[@]}" update || true
    rm -rf download
    mkdir download
    (cd download && apt-get "${private[@]}" --tar-only --download-only source cmocka &&
        tar --no-same-owner -xf cmocka_*.orig.tar.*z)
}

# The name "source" appears when all of it is there, so a broken download is never built.
fetch() {
    [ ! -d source ] || return 0
    echo "cmocka: fetching Debian's source package"
    write_sources
    if ! download >fetch.log 2>&1; then
        tail -n 15 fetch.log >&2
        fail "the source package could not be fetched; the whole log: build/cmocka/fetch.log"
    fi
    mv download/cmocka-*/ source
    rm -rf apt download
}

# The library is one file, so the compiler is called directly; -w because its warnings are not ours.
build() {
    echo "cmocka: building for $arch"
    rm -rf "$out" "$out.new"
    mkdir -p "$out.new/include" "$out.new/lib"
    cp source/include/cmocka*.h "$out.new/include/"
    "$arch-w64-mingw32-gcc" -std=gnu11 -O1 -g -w -Isource/include \
        -DHAVE_GCC_THREAD_LOCAL_STORAGE -DHAVE_INTTYPES_H -DHAVE_MALLOC_H -DHAVE_SIGNAL_H \
        -DHAVE_STRUCT_TIMESPEC -c -o "$arch.o" source/src/cmocka.c
    "$arch-w64-mingw32-ar" rcsD "$out.new/lib/libcmocka.a" "$arch.o"
    mv "$out.new" "$out"
}

case $arch in
i686 | x86_64) ;;
*) fail "unknown architecture $arch" ;;
esac
mkdir -p "$work" "$root/build/$arch"
cd "$work"
exec 9>lock
flock 9
fetch
build
