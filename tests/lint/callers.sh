#!/bin/bash
# callers.sh: every test that docs/callers.md names exists. A name is written `suite: test`: a
# function of the program that closes as this suite, or a word in the script tests/e2e/<suite>.sh.
# Every row of its tables names one in each cell of merge and split, or says `no test`. Counts names
# and rows.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh

DOC=docs/callers.md
NAME='`[a-z0-9_]+: [A-Za-z0-9_]+`'

# exists SUITE TEST
exists() {
    local sources
    sources=$(grep -lF "TEST_MAIN(\"$1\"" tests/*/*.c || true)
    [ -z "$sources" ] || ! grep -q "^static void $2(void" "$sources" || return 0
    [ -f "tests/e2e/$1.sh" ] && grep -qw -- "$2" "tests/e2e/$1.sh"
}

need lint-callers grep sed
need_files lint-callers "$DOC"
while IFS=': ' read -r suite test; do
    row "$DOC: there is no $suite: $test" exists "$suite" "$test"
done < <(grep -oE "$NAME" "$DOC" | tr -d '`' | LC_ALL=C sort -u)
while IFS='|' read -r _ what provider merge split _; do
    for cell in "$merge" "$split"; do
        row "$DOC:$what,$provider:$cell: names no test" grep -qE "$NAME|no test" <<<"$cell"
    done
done < <(grep -E '^\| ' "$DOC" | grep -vE '^\| (caller|---)')
finish lint-callers
