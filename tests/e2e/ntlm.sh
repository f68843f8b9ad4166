#!/bin/bash
# ntlm.sh ARCH: the disease and its cure with real parts: Wine's NTLM, gss-ntlmssp as the sender
# and an old mail client, for both kinds of NTLM, three ways into SSPI, five application prefixes,
# 1 ... 20 blocks in one read, without and with the shim. Without it the same plans must fail with
# 0x8009030F, so that nothing here can pass for the wrong reason. Each read is one row.
# Run inside tests/wine.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh
. tests/e2e/ntlm-run.sh

ARCH=${1:?usage: ntlm.sh i686|x86_64}
WORK=$NTLM_BUILD/$ARCH/ntlm/run
VARIANTS=(import table nt4)
PREFIXES=(none le32 be32 tok32 len8)
SIZES=(40 0 1 15 16 17 300 2 4000 64 33)

# read_of N: sets READ to N blocks and goes on in the list of sizes where the last one ended
NEXT=0
read_of() {
    local i
    READ=
    for ((i = 0; i < $1; i++)); do
        READ+=${READ:+,}${SIZES[NEXT++ % ${#SIZES[@]}]}
    done
}

# plans_bare KIND PREFIX SHARE: one block per read is good; N blocks end their connection, and a
# log-on is what costs time, so each variant takes the third of the Ns that SHARE says: all
# variants together have every N with every prefix.
plans_bare() {
    local n plan="$1 $2"
    NEXT=0
    for n in "${SIZES[@]}"; do plan+=" $n"; done
    echo "$plan"
    for n in {2..20}; do
        read_of "$n"
        [ $(((n + $3) % 3)) != 0 ] || echo "$1 $2 40 $READ 40"
    done
}

# plans_shim KIND PREFIX: every number of blocks in turn; then backwards with single ones between
# them, and with sealed answers, which with NT 4's NTLM draw from the same key stream
plans_shim() {
    local n up="$1 $2" down="$1 $2+seal"
    NEXT=0
    for n in {1..20}; do
        read_of "$n"
        up+=" $READ"
    done
    for n in {20..2}; do
        read_of "$n"
        down+=" $READ ${SIZES[n % ${#SIZES[@]}]}"
    done
    printf '%s\n' "$up" "$down"
}

# plans_altered KIND WAY: the bits that Wine's provider checks: signature bytes 8 to 15, the text
plans_altered() {
    local change
    for change in ^70 ^100 ^128 ^447 '~'; do
        echo "$1 none 30 40$change 20"
        [ "$2" = shim ] || continue
        printf '%s\n' "$1 none 30 40$change,17,50 20" "$1 none 30 17,40$change,50 20,1" \
            "$1 none 30 17,50,40$change 20" "$1 le32 1,40$change 20"
    done
}

# run_kind KIND WAY: all clients of one kind of NTLM, one after the other
run_kind() {
    local variant prefix plans output share=0
    for variant in "${VARIANTS[@]}"; do
        plans=$WORK/$2-$1-$variant.plans
        output=$WORK/$2-$1-$variant.out
        share=$((share + 1))
        for prefix in "${PREFIXES[@]}"; do
            "plans_$2" "$1" "$prefix" $((share++))
        done >"$plans"
        [ "$variant" != import ] || plans_altered "$1" "$2" >>"$plans"
        ntlm_client "$WORK/$2/oldmail-$variant.exe" "$1" "$plans" "$output"
    done
}

judge() {
    local base=$WORK/$1-$2-$3
    ntlm_judge "$1-$2-$3" "$base.out" ntlm_judge "$1" "$base.plans" "$base.out"
}

# Which kind was negotiated is the peer's word: one line for each handshake, none of the other.
check_kinds() {
    local kind asked got
    for kind in ess nt4; do
        asked=$(cat "$WORK"/*-"$kind"-*.plans | wc -l)
        got=$(grep -c "^$kind [0-9a-f]\{8\}$" "$WORK/peer.log" || true)
        row "$asked connections of kind $kind were asked for, the peer saw $got" \
            test "$asked" = "$got"
    done
}

check_loaded() {
    row "folder bare: the system's DLLs" ntlm_loaded "$WORK/bare" system
    row "folder shim: our DLLs" ntlm_loaded "$WORK/shim" shim
}

prepare() {
    rm -rf "$WORK" && mkdir -p "$WORK" && ntlm_need &&
        ntlm_folder "$WORK/bare" "$ARCH" bare && ntlm_folder "$WORK/shim" "$ARCH" shim &&
        ntlm_peer_start "$WORK/peer.log"
}

# Both kinds at the same time: most of the time is ntlm_auth's start.
run_way() {
    local kind jobs=()
    for kind in ess nt4; do
        run_kind "$kind" "$1" &
        jobs+=($!)
    done
    NTLM_PIDS+=("${jobs[@]}")
    wait "${jobs[@]}"
}

judge_all() {
    local way kind variant
    for way in bare shim; do
        for kind in ess nt4; do
            for variant in "${VARIANTS[@]}"; do judge "$way" "$kind" "$variant"; done
        done
    done
    check_kinds
    check_loaded
    if [ "$FAILED" != 0 ]; then
        echo "the peer says:"
        sort "$WORK/peer.log" | uniq -c
    fi
}

trap ntlm_stop EXIT
if prepare; then
    run_way bare
    run_way shim
    judge_all
else
    fail "could not start"
fi
finish "ntlm-$ARCH"
