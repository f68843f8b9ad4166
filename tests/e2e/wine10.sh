#!/bin/bash
# wine10.sh: blocks cut at every byte, for both kinds of NTLM, before a program that takes each recv
# for one block, with a provider that gives the session key: nothing is altered, nothing comes
# twice, and just those bytes wait at the end for which the reads had no room (block_judge). The
# same plans run without the shim and with Exact=off, where the first cut is the end.
# Each read is one row. Run inside tests/wine10.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh
. tests/e2e/ntlm-run.sh

WORK=$NTLM_BUILD/wine10/run
KINDS=(ess nt4)
SETS=(one long merged dribble large negotiate whole)

# Reads of twenty blocks without text have room for what waits.
FLUSH=0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0

# line KIND[+seal] PLAN... EXPECTED
line() {
    local kind=$1 expected=${*: -1} suffix=
    [ "$kind" = "${kind%+seal}" ] || suffix=+seal
    set -- "${@:2:$#-2}"
    echo "${PACKAGE:-NTLM} user TD16 | ${kind%+seal} none$suffix $* | $expected"
}

# What the provider says to the first CUT bytes of a block.
refusal() {
    if [ "$1" -lt 16 ]; then echo 321; else echo 30f; fi
}

# One cut block in a connection: what waits when the peer stops is what had come of its text and its
# signature before the cut, and later blocks bring it no room.
plans_one() {
    local size cut left
    for size in 40 17 1 0; do
        for ((cut = 1; cut < size + 16; cut++)); do
            left=$((cut < size ? cut : size))
            line "$1" "$size/$cut" / 20 0 3 "$(refusal "$cut") left $left"
        done
    done
}

# A long block, every cut of it: a block of so many bytes in two reads each time.
plans_long() {
    local cut from plan
    for ((from = 1; from < 316; from += 79)); do
        plan=
        for ((cut = from; cut < from + 79 && cut < 316; cut++)); do plan+=" 300/$cut /"; done
        line "$1" "40$plan" $FLUSH $FLUSH $FLUSH $FLUSH $FLUSH "0 $(refusal "$from")"
    done
}

# Two blocks and the beginning of a third, and so on: whatever a read may begin and end with.
plans_merged() {
    local cut plan=
    for ((cut = 1; cut < 112; cut++)); do
        plan+=" 30,50/$cut /"
        [ $((cut % 20)) != 0 ] || plan+=" $FLUSH"
    done
    line "$1" "40$plan" $FLUSH $FLUSH "0 321"
    line "$1" 40 30,50,20/60 20,60/40 10/90 / 0,5,4000/400 /300 /17 /16 / 1/16 1/17 1/1 / $FLUSH \
        $FLUSH $FLUSH "0 30f"
}

# bytes N: N reads of one byte, the last of which brings whatever is left
bytes() {
    local i
    for ((i = 1; i < $1; i++)); do printf ' /1'; done
    printf ' /'
}

plans_dribble() {
    line "$1" 40 "40/1$(bytes 55)" "17/1$(bytes 32)" "0/1$(bytes 15)" 20 $FLUSH $FLUSH "0 321"
}

# What was held of the block has no room in the read that completes it.
plans_large() {
    local plan=70000/1460 i
    for ((i = 1; i < 47; i++)); do plan+=" /1460"; done
    line "$1" 40 "$plan" / 20 300 20 1 "0 30f left $((47 * 1460))"
}

plans_negotiate() {
    local PACKAGE=Negotiate
    line "$1" 40 300/10 / 300/100 / 30,50/20 / 30,50/90 / $FLUSH $FLUSH "0 321"
}

# No cut: this goes through with Exact=off as well, but not in the same way. With sealed answers NT
# 4's NTLM draws from one key stream for both directions.
plans_whole() {
    local plan="40 0 1 16 300 4000 30,50 20,20,20 1,0,2" read=7 n
    for n in {2..20}; do
        read+=,$((n * n % 45))
        plan+=" $read"
    done
    line "$1" "$plan" "0 0 0 0 0 0 30f"
    line "$1+seal" "$plan" "0 0 0 0 0 0 30f"
}

prepare() {
    local kind set
    rm -rf "$WORK" && mkdir -p "$WORK" && ntlm_need || return 1
    for kind in "${KINDS[@]}"; do
        for set in "${SETS[@]}"; do
            "plans_$set" "$kind" >"$WORK/$set-$kind.lines"
            cat "$WORK/$set-$kind.lines" >>"$WORK/$kind.plans"
        done
        # Without exact a connection ends at its first cut: a few of them are enough.
        awk 'NR % 9 == 1 || NR > 112' "$WORK/$kind.plans" >"$WORK/$kind.few"
    done
    ntlm_folder "$WORK/bare" x86_64 bare && ntlm_folder "$WORK/shim" x86_64 shim &&
        ntlm_folder "$WORK/off" x86_64 shim && ntlm_peer_start "$WORK/peer.log" || return 1
    printf '[Shim]\nExact=off\n' >"$WORK/off/sspishim.ini"
}

# run KIND: the three ways one after the other
run() {
    ntlm_client "$WORK/shim/oldread.exe" "$1" "$WORK/$1.plans" "$WORK/shim-$1.out"
    ntlm_client "$WORK/bare/oldread.exe" "$1" "$WORK/$1.few" "$WORK/bare-$1.out"
    ntlm_client "$WORK/off/oldread.exe" "$1" "$WORK/$1.few" "$WORK/off-$1.out"
}

run_all() {
    local kind jobs=()
    for kind in "${KINDS[@]}"; do
        run "$kind" &
        jobs+=($!)
    done
    NTLM_PIDS+=("${jobs[@]}")
    wait "${jobs[@]}"
}

# judge bare|shim NAME LINES OUTPUT
judge() {
    ntlm_judge "$2" "$4" block_judge "$1" "$3" "$4"
}

# counted OUTPUT WANT: each connection of it was counted so
counted() {
    local connections got
    connections=$(grep -c '^== ' "$1")
    got=$(grep -c "^counted lost [0-9]* $2\$" "$1" || true)
    row "$1: $got of $connections connections have $2" test "$got" = "$connections"
}

judge_kind() {
    local set
    for set in "${SETS[@]}"; do
        judge shim "$set-$1" "$WORK/$set-$1.lines" "$WORK/shim-$1.out"
    done
    judge bare "bare-$1" "$WORK/$1.few" "$WORK/bare-$1.out"
    # Less than a signature is held without exact, too; what is not cut goes through.
    grep -v '321\| 1,0,2 ' "$WORK/$1.few" >"$WORK/$1.cut"
    judge bare "off-$1" "$WORK/$1.cut" "$WORK/off-$1.out"
    counted "$WORK/shim-$1.out" "exact 1 keyless 0 retired 0"
    counted "$WORK/off-$1.out" "exact 0 keyless 0 retired 0"
}

trap ntlm_stop EXIT
if prepare; then
    run_all
    for kind in "${KINDS[@]}"; do judge_kind "$kind"; done
    row "folder bare: the system's DLLs" ntlm_loaded "$WORK/bare" system
    row "folder shim: our DLLs" ntlm_loaded "$WORK/shim" shim
else
    fail "could not start"
fi
finish wine10
