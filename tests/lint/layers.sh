#!/bin/bash
# layers.sh CORE OBJECT...: a file may use only what stands before it in the Makefile's list of
# layers. The objects are given in that order, the first CORE of them are the core. Of each object
# the undefined symbols are looked at; counts objects.
set -euo pipefail
. "$(dirname "$0")/../tally.sh"

CORE=${1:?usage: layers.sh CORE OBJECT...}
shift
NM=${NM:-x86_64-w64-mingw32-nm}
declare -A known=() fresh=()

# What the core gets from below: include/memory.h, and the names that a freestanding compiler uses
# by itself. The face has them in memory.o, the host tests from the C library.
SEAM=' memory_take memory_give memcpy memmove memset memcmp memchr '

# Made from def/exports.inc for each row, in stubs.o: an address in real_slots, an answer in
# real_absent, a jump. To use these is to use the list, which is below everything; what stubs.o
# itself needs (real_bind) must come before it like everybody's.
LIST=' real_slots real_absent '

# allowed SYMBOL IS_CORE
allowed() {
    [ -z "${known[$1]:-}" ] || return 0
    if [ "$2" = core ]; then
        [[ $SEAM == *" $1 "* ]]
    else
        # Windows itself is below the face; imports.sh says what of it.
        [[ $1 == __imp_* || $1 == pass_* || $LIST == *" $1 "* ]]
    fi
}

# look OBJECT core|face
look() {
    local type symbol bad=
    while read -r type symbol; do
        [ "$type" != U ] || allowed "$symbol" "$2" || bad+=" $symbol"
        [[ $type != [TDBRC] ]] || fresh[$symbol]=1
    done < <("$NM" "$1" | awk '{ print $(NF - 1), $NF }')
    [ "${#fresh[@]}" != 0 ] || bad+=" (defines nothing)"
    if [ -z "$bad" ]; then
        pass
    else
        fail "$(basename "$1") uses what does not stand before it:$bad"
    fi
    for symbol in "${!fresh[@]}"; do known[$symbol]=1; done
    fresh=()
}

need lint-layers "$NM" awk
need_files lint-layers "$@"
for object in "$@"; do
    if [ $((PASSED + FAILED)) -lt "$CORE" ]; then look "$object" core; else look "$object" face; fi
done
finish lint-layers
