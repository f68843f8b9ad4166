#!/bin/bash
# imports.sh DLL...: what a Windows must have for our DLLs to load there: KERNEL32.dll and of it
# only what NT 4 SP6 had (def/kernel32-nt4.txt), nothing linked at load time but that, and version
# 4.0 in the header. Counts imported names and header fields.
set -euo pipefail
. "$(dirname "$0")/../tally.sh"

NAMES=$(dirname "$0")/../../def/kernel32-nt4.txt
OBJDUMP=${OBJDUMP:-x86_64-w64-mingw32-objdump}

# expect TEXT COMMAND...
expect() {
    local text=$1
    shift
    if "$@"; then pass; else fail "$text"; fi
}

# field HEADER NAME: the number that objdump prints behind NAME
field() {
    awk -v name="$2" '$1 == name { print $2; exit }' <<<"$1"
}

look() {
    local dll=$1 header name
    header=$("$OBJDUMP" -p "$dll")
    expect "$dll imports from: $(sed -n 's/^\tDLL Name: //p' <<<"$header" | tr '\n' ' ')" \
        [ "$(sed -n 's/^\tDLL Name: //p' <<<"$header")" = KERNEL32.dll ]
    for name in MajorOSystemVersion MajorSubsystemVersion; do
        expect "$dll: $name is not 4" [ "$(field "$header" "$name")" = 4 ]
    done
    # Data directories 11 and 13: bound and delayed imports would be further ways in.
    for name in b d; do
        expect "$dll: data directory $name is not empty" \
            grep -qE "^Entry $name 0+ 0+ " <<<"$header"
    done
    while read -r name; do
        expect "$dll imports $name, which is not in def/kernel32-nt4.txt" grep -qx "$name" "$NAMES"
    done < <(imported "$header")
}

# imported HEADER: the names behind "vma: Hint/Ord Member-Name", one a line; an ordinal is a name
imported() {
    awk '/vma: +Hint\/Ord Member-Name/ { inside = 1; next }
         inside && NF == 0 { inside = 0 }
         inside { print $3 }' <<<"$1"
}

need lint-imports "$OBJDUMP" awk sed
need_files lint-imports "$NAMES" "$@"
for dll in "$@"; do
    before=$((PASSED + FAILED))
    look "$dll"
    [ $((PASSED + FAILED - before)) -gt 5 ] || fail "$dll: no imported name was found"
done
finish lint-imports
