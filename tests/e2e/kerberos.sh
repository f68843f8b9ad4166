#!/bin/bash
# kerberos.sh ARCH [SET...]: real providers under Wine, Kerberos, Kerberos in DCE style (as client
# and as server) and Negotiate over Kerberos and NTLM, against MIT's GSSAPI and gss-ntlmssp: merges,
# splits, both, a SASL length in front of each block, and the settings that they need. The same
# plans run without the shim, where they have to fail with the status that stands behind them.
# Each read is one row.
# Run inside tests/wine.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh
. tests/e2e/ntlm-run.sh
. tests/e2e/kdc.sh

ARCH=${1:?usage: kerberos.sh i686|x86_64 [SET...]}
shift
SETS=("$@")
[ $# != 0 ] || SETS=(untouched defaults server weak present stripped trial report again)
WORK=$NTLM_BUILD/$ARCH/kerberos
SIZES=(40 0 1 15 16 17 300 2 4000 64 33)
SMALL=(40 0 1 15 16 17 83)

# Package, whose credentials, layout (tests/legacy/oldread.c), and kind of plan (tests/peer/plan.h).
KRB='Kerberos ticket DT60 | krb'
DCE='Kerberos ticket-style TD76 | dce'
NEGO_KRB='Negotiate ticket DT60 | krb'
NEGO_DCE='Negotiate ticket-style TD76 | dce'
NEGO_NTLM='Negotiate user TD16 | ess'
NTLM='NTLM user TD16 | ess'

# A read of many blocks has room for what the reads before it left pending.
FLUSH=0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
FLUSH_LONG=${FLUSH//0/84}

# The settings of each set of plans; a set without any runs beside a DLL with its defaults.
declare -A SETTINGS=(
    [present]='Prefix=be32 rest present'
    [stripped]='Prefix=be32 rest stripped'
    [trial]='KerberosTrial=1'
    [report]='Partial=report'
    [again]=$'Prefix=be32 rest present\nPartial=report'
)

# merges SIZE...: 1 to 20 blocks in one read
merges() {
    local n i next=0 read
    for n in {1..20}; do
        read=
        for ((i = 0; i < n; i++)); do
            next=$((next + 1))
            read+=${read:+,}${!next}
            next=$((next % $#))
        done
        printf ' %s' "$read"
    done
}

# cuts SIZE FROM TO STEP: a block of SIZE in two reads, each time cut at another byte
cuts() {
    local cut
    for ((cut = $2; cut <= $3; cut += $4)); do
        printf ' %s/%s /' "$1" "$cut"
    done
}

# One block in each read, one of them forged: the shim changes nothing.
plans_untouched() {
    local style
    for style in "$KRB" "$DCE" "$NEGO_KRB" "$NEGO_DCE"; do
        printf '%s\n' "$style none 40 0 1 16 300 4000 30^300 20 20 | 0 0 0 0 0 0 30f 310 0"
    done
    printf '%s\n' "$NEGO_NTLM none 40 0 1 16 300 4000 30^300 20 20 | 0 0 0 0 0 0 30f 0 0" \
        "${KRB/DT60/TD60} none 40 0 | 308 310"
}

plans_defaults() {
    local all
    all=$(merges "${SIZES[@]}")
    printf '%s\n' \
        "$KRB none 40 30,50 20$all | 0 30f 310" \
        "$DCE none 40 30,50 20$all | 0 30f 310" \
        "$NEGO_KRB none 40 30,50 20$all | 0 30f 310" \
        "$NEGO_DCE none 40 30,50 20$all | 0 30f 310" \
        "$NEGO_NTLM none 40 30,50 20$all | 0 30f 30f 30f" \
        "$KRB none 40 30/10 / 20$(cuts 30 1 59 6) 20,20 $FLUSH | 0 308 308" \
        "$DCE none 40 30/70 / 20$(cuts 30 1 75 6) 20,20 $FLUSH $FLUSH | 0 30f 308" \
        "$NEGO_DCE none 40 30/70 / 20 20,20 $FLUSH | 0 30f 308" \
        "$NEGO_NTLM none 40 30/10 / 20$(cuts 30 1 15 1) 20,20 $FLUSH $FLUSH | 0 321 30f" \
        "$NTLM none 40 30/10 / 20 20,20 40/15 / $FLUSH | 0 321 30f" \
        "$KRB none 40 30,50/130 / 20,60/100 10/120 / $FLUSH | 0 30f 308" \
        "$DCE none 40 30,50/150 / 20,60/130 10/142 / $FLUSH | 0 30f 308" \
        "$NEGO_KRB none 40 30,50/130 / 20,60/100 10/120 / $FLUSH | 0 30f 308" \
        "$NEGO_DCE none 40 30,50/150 / 20,60/130 10/142 / $FLUSH | 0 30f 308" \
        "Kerberos ticket-style TD76+4 | dce be32 40 30,50 20$all | 0 30f 310"
}

# The length of a block stands in its DER frame, so that a cut may be anywhere.
plans_server() {
    local all style
    all=$(merges "${SIZES[@]}")
    for style in 'server DT60 | krb' 'server-style TD76 | dce'; do
        printf '%s\n' \
            "Kerberos $style none+init 40 30,50 20$all | 0 30f 310" \
            "Kerberos $style none+init 40 30/10 / 20$(cuts 30 1 59 6) 20,20 $FLUSH | 0 308 308"
    done
}

plans_weak() {
    printf '%s\n' \
        "Kerberos ticket DT46 | rc4 none 40 30,50 20$(merges "${SMALL[@]}") | 0 308" \
        "Kerberos ticket DT47 | rc4 none 100 84,150 90$(merges 84 211 100) | 0 308" \
        "Kerberos ticket DT48 | rc4 none 300 212,1000 300$(merges 300 212 1000) | 0 308" \
        "Kerberos ticket DT46 | rc4 none 40 30/10 / 20$(cuts 30 1 75 1) $FLUSH $FLUSH | 0 308 308" \
        "Kerberos ticket DT47 | rc4 none 100$(cuts 100 1 146 3) $FLUSH_LONG $FLUSH_LONG | 0 308" \
        "Kerberos ticket DT46 | rc4 none 40 30,50,20/100 / 20,60/80 / $FLUSH | 0 308 308"
}

plans_present() {
    local all
    all=$(merges "${SIZES[@]}")
    printf '%s\n' \
        "$NTLM be32 40 30,50 20$all | 30f 30f" \
        "$NTLM be32 30$(cuts 30 1 49 1) 20,20 $FLUSH $FLUSH | 30f" \
        "$NTLM be32 30 30,50,20/60 / 20,60/40 10/90 / $FLUSH $FLUSH | 30f" \
        "$DCE be32 40 30,50 20$all | 308" \
        "$DCE be32 30$(cuts 30 1 109 1) 20,20 $FLUSH $FLUSH $FLUSH $FLUSH | 308" \
        "$DCE be32 30 30,50,20/160 / 20,60/110 10/200 / $FLUSH $FLUSH | 308"
}

plans_stripped() {
    local all
    all=$(merges "${SIZES[@]}")
    printf '%s\n' \
        "NTLM user TD16+4 | ess be32 40 30,50 20$all | 0 30f 30f" \
        "Negotiate user TD16+4 | ess be32 40 30,50 20$all | 0 30f 30f" \
        "Kerberos ticket-style TD76+4 | dce be32 40 30,50 20$all | 0 30f 310" \
        "Kerberos ticket DT60+4 | krb be32 40 30,50 20$all | 0 30f 310"
}

plans_trial() {
    local style
    for style in "$KRB" "$DCE" "$NEGO_KRB" "$NEGO_DCE"; do
        printf '%s\n' \
            "$style none 40 300/10 / 300/30 / 300/70 / 300/100 / 20 $FLUSH | 0 308" \
            "$style none 40 30,50/130 / 20,60/150 10/100 / 0,5,4000/400 /300 / $FLUSH | 0 30f" \
            "$style none 40 30,50 20 1,0,2 40 | 0 30f"
    done
}

# Where a read ends behind whole blocks and in a signature, it cannot be seen that it does.
plans_report() {
    printf '%s\n' \
        "$KRB none 40 30/10 / 20$(cuts 30 1 59 6) 20,20 50,60/130 /30 / $FLUSH | 0 308 308" \
        "$DCE none 40 30/10 / 20$(cuts 30 1 75 6) 20,20 50,60/150 /40 / $FLUSH | 0 308 308" \
        "$NTLM none 40 30/10 / 20$(cuts 30 1 15 1) 20,20 50,60 0 | 0 321 30f" |
        sed 's/ |/ again |/'
}

plans_again() {
    printf '%s\n' \
        "$NTLM be32 30$(cuts 30 1 49 1) 20,20 40/1 /1 /1 /1 /1 /1 / 0 | 30f" \
        "$DCE be32 30$(cuts 30 1 109 1) 20,20 40/1 /1 /1 /1 /1 /1 / 0 | 308" |
        sed 's/ |/ again |/'
}

# run FOLDER GROUP: runs the plans of a group in the folder; not to fail here, the output tells
run() {
    [ -f "$WORK/$2.plans" ] || return 0
    (
        [ "$2" != weak ] || kdc_weak
        ntlm_client "$WORK/$1/oldread.exe" ess "$WORK/$2.plans" "$WORK/$1-$2.out"
    )
}

# judge bare|shim SET OUTPUT
judge() {
    ntlm_judge "$1-$2" "$3.out" block_judge "$1" "$WORK/$2.lines" "$3.out"
}

stop() {
    ntlm_stop
    kdc_stop
}

prepare() {
    rm -rf "$WORK" && mkdir -p "$WORK" && ntlm_need && kdc_start "$WORK/kdc" &&
        ntlm_folder "$WORK/bare" "$ARCH" bare && ntlm_folder "$WORK/shim" "$ARCH" shim &&
        ntlm_peer_start "$WORK/peer.log"
}

# group_of SET: sets with the same settings and the same realm run in one process
group_of() {
    if [ "$1" = weak ] || [ -n "${SETTINGS[$1]:-}" ]; then echo "$1"; else echo shim; fi
}

# folder_of GROUP
folder_of() {
    if [ "$1" = weak ]; then echo shim; else echo "$1"; fi
}

write_set() {
    local group
    group=$(group_of "$1")
    "plans_$1" >"$WORK/$1.lines"
    cat "$WORK/$1.lines" >>"$WORK/$group.plans"
    [ "$1" = weak ] || cat "$WORK/$1.lines" >>"$WORK/bare.plans"
    [ -n "${SETTINGS[$1]:-}" ] || return 0
    ntlm_folder "$WORK/$1" "$ARCH" shim
    printf '[Shim]\n%s\n' "${SETTINGS[$1]}" >"$WORK/$1/sspishim.ini"
}

# The ways without and with the shim at the same time: most of it is the start of processes.
run_sets() {
    local group bare
    {
        run bare bare
        run bare weak
    } &
    bare=$!
    NTLM_PIDS+=("$bare")
    for group in $(for set in "${SETS[@]}"; do group_of "$set"; done | uniq); do
        run "$(folder_of "$group")" "$group"
    done
    wait "$bare" || true
}

judge_set() {
    local group bare=$WORK/bare-bare shim
    group=$(group_of "$1")
    shim=$WORK/$(folder_of "$group")-$group
    [ "$1" != weak ] || bare=$WORK/bare-weak
    judge bare "$1" "$bare"
    if [ "$1" = untouched ]; then
        judge_same "$bare.out" "$shim.out"
    else
        judge shim "$1" "$shim"
    fi
}

# judge_same FILE FILE: in both the sessions of `untouched` are the first ones
judge_same() {
    local count
    count=$(wc -l <"$WORK/untouched.lines")
    row "untouched: the same trace" cmp <(sessions "$count" "$1") <(sessions "$count" "$2")
}

sessions() {
    awk -v count="$1" '/^== / && ++n > count {exit} !/^counted / {print}' "$2"
}

trap stop EXIT
if prepare; then
    for set in "${SETS[@]}"; do write_set "$set"; done
    run_sets
    for set in "${SETS[@]}"; do judge_set "$set"; done
    row "folder bare: the system's DLLs" ntlm_loaded "$WORK/bare" system
    row "folder shim: our DLLs" ntlm_loaded "$WORK/shim" shim
else
    fail "could not start"
fi
finish "kerberos-$ARCH"
