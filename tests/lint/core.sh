#!/bin/bash
# core.sh: the core knows no operating system: its files and the public contract use neither a
# header nor a word of Windows, and include nothing but each other and what a freestanding compiler
# has. include/sspishim.h is the DLL's interface and so the one exception for words. Counts files.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh

HEADERS='stdbool|stddef|stdint|string|emmintrin'
WORDS='windows\.h|_WIN32|\b(U?LONG|D?WORD|BYTE|U?LONG_PTR|HANDLE|HMODULE|WINAPI|SECURITY_STATUS)\b'
WORDS+='|\b(SEC_|SECBUFFER_|SECPKG_|ISC_|SecBuffer|PSecBuffer|CtxtHandle|PCtxtHandle)'

# ours FILE: includes only allowed headers
foreign_includes() {
    { grep -nE '^[[:space:]]*#[[:space:]]*include' "$1" || true; } | while IFS= read -r line; do
        [[ $line =~ \<($HEADERS)\.h\>$ ]] && continue
        [[ $line =~ \"([a-z0-9_]+\.h)\"$ && -f include/${BASH_REMATCH[1]} ]] || echo "$line"
    done
}

need lint-core grep
for file in shim/core/*.[ch] include/*.h; do
    [ -f "$file" ] || continue
    findings=$(foreign_includes "$file")
    [ "$file" = include/sspishim.h ] || findings+=$(grep -nE "$WORDS" "$file" || true)
    if [ -z "$findings" ]; then
        pass
    else
        fail "$file knows Windows: $findings"
    fi
done
finish lint-core
