#!/bin/bash
# lengths.sh: files, functions and lines stay within a screen (lengths.awk has the numbers). Counts
# files: all C, shell, awk, assembler and make. Data and def/exports.inc, which is a table, are not
# among them.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh

need lint-lengths awk find
while IFS= read -r file; do
    case $file in
    *.[chS]) kind=c ;;
    *.sh) kind=shell ;;
    *) kind=make ;;
    esac
    if findings=$(LC_ALL=C awk -v KIND="$kind" -f tests/lint/lengths.awk "$file"); then
        pass
    else
        fail "$findings"
    fi
done < <(find Makefile shim include tests package \
    \( -name Makefile -o -name '*.[chS]' -o -name '*.sh' -o -name '*.mk' -o -name '*.awk' \) |
    LC_ALL=C sort)
finish lint-lengths
