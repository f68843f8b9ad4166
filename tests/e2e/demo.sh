#!/bin/bash
# demo.sh: what `make demo` shows: an old 32-bit mail program gets sealed lines from a Linux server,
# three of them one by one, then two in one read, then two more, first without and then with the
# shim beside it, for both kinds of NTLM. Exits 0 only if it failed without and worked with it.
# Run inside tests/wine.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/e2e/ntlm-run.sh

WORK=$NTLM_BUILD/i686/ntlm/demo
PLAN="none 40 30 36 34,38 30 40"

# In the left column what the program without, in the right one what the one with the shim printed.
show() {
    local rule=-------------------------------------------------
    printf '%-50s| %s\n' "WITHOUT the shim" "WITH secur32.dll and security.dll beside it"
    printf '%s-+%s\n' "$rule" "$rule"
    paste -d '\n' <(plain "$WORK/bare.$1.out") <(plain "$WORK/shim.$1.out") |
        while IFS= read -r left && IFS= read -r right; do
            printf '%-50s| %s\n' "$left" "$right"
        done
}

# Two lines for each read, three for the fourth one, so that the same read stands beside itself.
plain() {
    awk 'function pad() { while (lines++ < (reads == 4 ? 3 : 2)) print "" }
         /^==|^end/ { next }
         /^recv/ { if (reads) pad(); reads++; lines = 1
                   print $2 " bytes read: " substr($0, index($0, ":") + 2); next }
         { print "    " $0; lines++ }
         END { pad() }' FS='[ :]' "$1"
}

# verdict KIND: the judge of the test suite knows what each of the two has to print
verdict() {
    local way
    for way in bare shim; do
        "$NTLM_BUILD/host/ntlm_judge" "$way" "$WORK/plan.$1" "$WORK/$way.$1.out" >"$WORK/verdict" ||
            { cat "$WORK/verdict" "$WORK/$way.$1.stderr"; return 1; }
    done
}

demo() {
    local kind way bad=0
    declare -A title=(
        [ess]="NTLM with extended session security (Windows 2000 and later)"
        [nt4]="NTLM as NT 4 and Exchange 5.5 spoke it")
    for kind in ess nt4; do
        echo "$kind $PLAN" >"$WORK/plan.$kind"
        for way in bare shim; do
            ntlm_client "$WORK/$way/oldmail-import.exe" "$kind" "$WORK/plan.$kind" \
                "$WORK/$way.$kind.out"
        done
        printf '\n%s\n\n' "${title[$kind]}"
        show "$kind"
        if verdict "$kind"; then
            echo "=> fails without the shim as soon as two blocks arrive in one read; works with it"
        else
            echo "=> NOT as it should be"
            bad=1
        fi
    done
    return "$bad"
}

trap ntlm_stop EXIT
rm -rf "$WORK"
mkdir -p "$WORK"
ntlm_need
ntlm_folder "$WORK/bare" i686 bare
ntlm_folder "$WORK/shim" i686 shim
ntlm_peer_start "$WORK/peer.log"
cat <<'END'
A 32-bit mail program takes what one recv() returns for one sealed block. A Linux server sends it
seven sealed lines: three one by one, two that TCP merges into one read, and two more.
END
if demo; then
    printf '\nThe shim repairs both kinds of NTLM.\n'
else
    printf '\nThe demonstration failed.\n'
    exit 1
fi
