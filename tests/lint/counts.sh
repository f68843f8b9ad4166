#!/bin/bash
# counts.sh CC: the argument bytes of every row of def/exports.inc against the decorated names in
# the i686 import libraries of mingw. For a row of route PASS nothing else would notice a wrong
# number: it is a jump, and only the answer for an absent name uses it. Counts rows, and names.
set -euo pipefail
. "$(dirname "$0")/../tally.sh"

LIST=$(dirname "$0")/../../def/exports.inc
CC=${1:?usage: counts.sh CC}
declare -A library=() row=()

# Rows that no import library of mingw knows, with the number that we have by other ways.
declare -A elsewhere=(
    # XP and Server 2003 (x86) only; the number from the code of XP's secur32.
    [SecGetLocaleSpecificEncryptionRules]=4
    # Server 2003 x64 only, where it does not matter; the number from a reimplementation.
    [SecpSetIPAddress]=8
    # Our own.
    [SspiShimStatus]=8
)

# Names of mingw's libsecur32.a that are no rows, because no Windows exports them.
NOWHERE=' ApplyControlTokenA ApplyControlTokenW '

read_libraries() {
    local file path name bytes
    for file in libsecur32.a libsecurity.a libsspicli.a; do
        path=$("$CC" -print-file-name=$file)
        # Without the library in its path the compiler prints the name as it was.
        if [ ! -f "$path" ]; then
            [ $file = libsspicli.a ] || fail "the compiler has no $file"
            continue
        fi
        while read -r name bytes; do
            [ "${library[$name]:-$bytes}" = "$bytes" ] || fail "$name: the libraries disagree"
            library[$name]=$bytes
            [ "$file" != libsecur32.a ] || offered+=("$name")
        done < <("${CC%gcc}nm" "$path" 2>/dev/null |
            sed -n 's/^[0-9a-f]* T _\(.*\)@\([0-9]*\)$/\1 \2/p')
    done
}

# check_row NAME BYTES
check_row() {
    local known=${library[$1]:-${elsewhere[$1]:-}}
    [ -z "${row[$1]:-}" ] || fail "$1 is there twice"
    row[$1]=$2
    if [ "$known" = "$2" ]; then
        pass
    else
        fail "$1 has $2 bytes in the list, ${known:-no number} elsewhere"
    fi
}

offered=()
need lint-counts "$CC" "${CC%gcc}nm" awk sed
need_files lint-counts "$LIST"
read_libraries
while read -r name bytes; do
    check_row "$name" "$bytes"
done < <(awk '/^EXPORT\(/ { gsub(/[(),]/, " "); print $2, $3 }' "$LIST")
for name in "${offered[@]}"; do
    if [[ -n ${row[$name]:-} || $NOWHERE == *" $name "* ]]; then
        pass
    else
        fail "$name is in mingw's libsecur32.a and not in the list"
    fi
done
for name in "${!elsewhere[@]}"; do
    [ -z "${library[$name]:-}" ] || fail "$name: an import library knows it by now"
done
finish lint-counts
