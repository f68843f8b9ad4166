#!/usr/bin/env bash
# suites.sh SUITE...: makes check-SUITE for each, under the Wine that tests/wine.sh made ready, then
# repeats all closing lines and adds them up. Goes on after one that failed.
set -euo pipefail

log=build/check.log
broken=()
: >"$log"
for suite in "$@"; do
    echo "== $suite"
    started=$SECONDS
    make -j2 -Otarget --no-print-directory "check-$suite" 2>&1 | tee -a "$log" || broken+=("$suite")
    echo "== $suite took $((SECONDS - started)) s"
done

echo "== all suites"
closing='^[a-z0-9_-]+: [0-9]+ passed, [0-9]+ failed$'
grep -E "$closing" "$log" || true
read -r passed failed < <(grep -E "$closing" "$log" |
    awk '{passed += $2; failed += $4} END {print passed + 0, failed + 0}')
[ "${#broken[@]}" = 0 ] || echo "suites that did not end well: ${broken[*]}"
echo "$passed passed, $failed failed"
[ "${#broken[@]}" = 0 ] && [ "$failed" = 0 ] && [ "$passed" != 0 ]
