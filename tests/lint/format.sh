#!/bin/bash
# format.sh: every C file looks as .clang-format says. Counts files.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh

need lint-format clang-format find
while IFS= read -r file; do
    if difference=$(clang-format --dry-run -Werror "$file" 2>&1); then
        pass
    else
        fail "$file: clang-format -i would change it"
        head -n 4 <<<"$difference"
    fi
done < <(find shim include tests -name '*.[ch]' | LC_ALL=C sort)
finish lint-format
