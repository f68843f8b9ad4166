#!/bin/bash
# tls.sh ARCH: a TLS client beside the shim works exactly as without it. Wine's Schannel against an
# OpenSSL server: each program runs alone in a folder, and in another one beside secur32.dll and
# security.dll, under the same Wine overrides. The traces of both must be the same to the byte; the
# one without the shim must also show what the scenario is about, so that two equal failures do not
# pass. A program that does not end (a table that leads to itself) runs into the time limit.
# A third folder has the shim and `Schannel=repair`: what helps clients that lose something, see
# tls-repair.sh.
# Run inside tests/wine.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh
. tests/e2e/tls-repair.sh

ARCH=${1:?usage: tls.sh i686|x86_64}
BUILD=${BUILD:-build}
PROGRAMS=$BUILD/$ARCH/tls
WORK=$PROGRAMS/run
LIMIT=20
PEERS=()
WAYS=(alone shim)

# STYLE (tests/legacy/tls_style.h) | PLAN (tests/peer/tls_plan.h) | texts that arrive | errors |
# a piece of the trace that shows that the case came about
PIECES='ack rec20 rec30 send60 ack send3 ack send2 ack send1 ack send'
TLS12=(
    'correct|12 ack rec20 rec30 rec40 send ack rec50 send ack close send|4|0|EXTRA 128@49'
    "correct,unseal|12 $PIECES|2|0|MISSING 42@0"
    "walk|12 $PIECES|2|0|MISSING 42@0"
    "stale|12 $PIECES|2|0|EMPTY 11@49"
    'wild,noqop|12 hold rec20 send ack rec40 send3 ack send|2|0|EXTRA 49'
    'wild|12 ack rec20 rec30 send ack rec40 send|3|0|EMPTY wild@wild'
    'sealed|12 hear24 rec30 rec16384 send hear24 rec20 send|3|0|encrypt 24: 00000000'
    'last|12 ack rec20 rec30 send ack rec1 send|3|0|HEADER 5@0, text 2'
    'five|12 ack rec20 rec30 send ack rec1 send|3|0|EXTRA 59@49, EMPTY'
    'correct|12 ack rec20 hello send ack rec30 send|2|0|00090321'
    'correct|12 ack rec20 flip send ack rec30 send|0|2|decrypt 49: 8'
    'dropextra|12 ack rec20 rec30 send ack rec40 send ack rec50 send|1|2|EXTRA 59@49'
    'forget|12 ack rec20 rec30 send105 ack send ack rec40 send|1|1|MISSING 3@0'
    'forget|12 ack rec20 send1 ack send ack rec30 send ack rec40 send|0|2|MISSING ?@0'
    'three|12 ack rec20 send|0|1|80090308'
    'two|12 ack rec20 send|0|1|80090308'
    'one|12 ack rec20 send|0|1|80090308'
    'none|12 ack rec20 send|0|1|80090308'
    'nodata|12 ack rec20 send|0|1|80090308'
    'readonly|12 ack rec20 send|0|1|80090308'
    'stream|12 ack rec20 rec30 send|0|1|80090308'
    'trailing|12 ack rec20 rec30 send|0|1|80090308'
    'message|12 ack rec20 rec30 send|0|1|80090308'
    'message|12 ack rec20 send10 ack send|0|2|DATA 4294967290@16'
    'message|12 ack fake3 send|0|1|TOKEN 16@0, DATA 104@16'
    'trailing|12 ack fake3 send|0|1|DATA 104@0, TOKEN 16@104'
    'stream|12 ack fake3 send|0|1|STREAM 120@0'
    'correct|12 ack fake3 send|0|1|decrypt 120: 8'
    'quiet|12 bulk200|200|0|'
)
TLS13=(
    'correct|13 tickets2 ack send ack rec20 rec30 send ack close send|2|0|EXTRA 79@79'
    'correct|13 tickets2 ack rec20 send ack ticket rec30 send|2|0|EXTRA 121@79'
    "stale|13 ${PIECES/60/53}|2|0|MISSING 35@0"
    'sealed|13 hear24 rec20 update rec30 send hear24 rec20 send|3|0|EXTRA 52@27'
    'sealed|13 hear24 rec20 asknew rec30 send hear24 rec20 send|3|0|encrypt 24: 00000000'
    'dropextra|13 tickets2 ack rec20 send ack rec30 send|0|1|EXTRA 121@79'
    'forget|13 ack rec20 rec30 send91 ack send ack rec30 send|1|1|MISSING 3@0'
    'quiet|13 tickets2 bulk200|200|0|'
)
HTTP='status 200, 7500 bytes, checksum 0e951e84, as sent'

stop_peers() {
    [ ${#PEERS[@]} = 0 ] || kill "${PEERS[@]}" 2>/dev/null || true
}

# start_peer KIND: sets PORT
start_peer() {
    local i out=$WORK/$1.port
    : >"$out"
    "$BUILD/host/tls_peer" "$WORK/key.pem" "$1" >"$out" 2>"$WORK/$1.log" &
    PEERS+=($!)
    for ((i = 0; i < 100; i++)); do
        PORT=$(<"$out")
        [ -z "$PORT" ] || return 0
        sleep 0.05
    done
    give_up "tls-$ARCH" "tls_peer $1 does not start, see $WORK/$1.log"
}

prepare() {
    local file
    for file in wine openssl; do
        command -v "$file" >/dev/null || give_up "tls-$ARCH" "no $file on this machine"
    done
    for file in "$BUILD/host/tls_peer" "$BUILD/$ARCH/secur32.dll" "$BUILD/$ARCH/security.dll"; do
        [ -f "$file" ] || give_up "tls-$ARCH" "$file has not been built"
    done
    rm -rf "$WORK"
    mkdir -p "$WORK/alone" "$WORK/shim"
    cp "$PROGRAMS"/*.exe "$WORK/alone"
    cp "$PROGRAMS"/*.exe "$BUILD/$ARCH/secur32.dll" "$BUILD/$ARCH/security.dll" "$WORK/shim"
    cp -R "$WORK/shim" "$WORK/repair"
    printf '[Shim]\r\nSchannel = repair\r\n' >"$WORK/repair/sspishim.ini"
    openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 \
        -keyout "$WORK/key" -out "$WORK/certificate" 2>"$WORK/openssl.log" ||
        give_up "tls-$ARCH" "openssl makes no key, see $WORK/openssl.log"
    cat "$WORK/key" "$WORK/certificate" >"$WORK/key.pem"
    # Named by GNUTLS_SYSTEM_PRIORITY_FILE it lets Wine 8's Schannel speak TLS 1.3.
    echo '[overrides]' >"$WORK/priorities"
}

# run NAME PROGRAM ARGUMENT...: makes the traces NAME.alone and so on, the exit code at the end
run() {
    local way code name=$1 program=$2
    shift 2
    for way in "${WAYS[@]}"; do
        code=0
        timeout -k 5 "$LIMIT" wine "$WORK/$way/$program.exe" "$@" \
            >"$WORK/$name.raw" 2>"$WORK/$name.$way.log" </dev/null || code=$?
        tr -d '\r' <"$WORK/$name.raw" >"$WORK/$name.$way"
        echo "== exit $code" >>"$WORK/$name.$way"
    done
}

# section FILE N: the lines of the Nth scenario
section() {
    awk -v wanted="$2" '/^== /{n++} n == wanted' "$1"
}

shows() {
    local text LC_ALL=C
    text=$(section "$WORK/$1.alone" "$2")
    [[ $text == *"result: $3 texts, 0 wrong, $4 errors" && $text == *"$5"* ]] || {
        tail -n 12 <<<"$text"
        return 1
    }
}

same() {
    diff -U2 --label alone --label shim <(section "$WORK/$1.alone" "$2") \
        <(section "$WORK/$1.shim" "$2") | head -n 20
}

# counts NAME WAY: sets CALLS and UNTOUCHED, what the shim counted there
counts() {
    local log ours='^secur32.dll: shim, \([0-9]*\) calls, \([0-9]*\) untouched$'
    log=$(tr -d '\r' <"$WORK/$1.$2.log")
    read -r CALLS UNTOUCHED < <(sed -n "s/$ours/\1 \2/p" <<<"$log") || {
        tail -n 3 <<<"$log"
        return 1
    }
}

# loaded NAME: alone it was the system's DLL; else ours, which handed on every call untouched
loaded() {
    grep -q 'secur32.dll: system' "$WORK/$1.alone.log" && counts "$1" shim &&
        [[ $CALLS -gt 0 && $CALLS = "$UNTOUCHED" ]]
}

# helped NAME: not every call was untouched
helped() {
    counts "$1" repair && [[ $CALLS -gt $UNTOUCHED ]]
}

# compare NAME ROW...: the traces of one run, scenario by scenario
compare() {
    local name=$1 line what style plan texts errors piece repaired n=0
    shift
    for line in "$@"; do
        n=$((n + 1))
        IFS='|' read -r style plan texts errors piece repaired <<<"$line"
        what="$name, $style | ${plan:0:200}"
        row "$what: alone" shows "$name" "$n" "$texts" "$errors" "$piece"
        row "$what: beside the shim" same "$name" "$n"
        [ -n "$repaired" ] || continue
        IFS='|' read -r texts errors piece <<<"$repaired"
        row "$what: with the setting" repairs "$name" "$n" "$plan" "$texts" "$errors" "$piece"
    done
    row "$name: ends well" grep -qx '== exit 0' "$WORK/$name.alone"
    row "$name: ends alike" same "$name" $((n + 1))
    row "$name: the shim was there, and only there" loaded "$name"
}

# client VARIANT GROUP ROW...: all scenarios of a group in one process
client() {
    local line plan arguments=() name=$1-$2
    local -a rows=("${@:3}")
    for line in "${rows[@]}"; do
        plan=${line#*|}
        arguments+=("${line%%|*}" "${plan%%|*}")
    done
    run "$name" "tlsget-$1" "$PORT" "${arguments[@]}"
    compare "$name" "${rows[@]}"
}

# repair VERSION OVERHEAD: the rows of tls-repair.sh, in a third way, too
repair() {
    local group
    ROWS=() WAYS=(alone shim repair)
    begin "$@"
    for group in repair_dropextra repair_forget repair_correct; do
        "$group"
    done
    client static "$1-repair" "${ROWS[@]}"
    row "static-$1-repair: ends well with the setting" \
        grep -qx '== exit 0' "$WORK/static-$1-repair.repair"
    row "static-$1-repair: the setting was there" helped "static-$1-repair"
}

http() {
    start_peer https
    run http httpget "$PORT" 2
    row "winhttp: alone" grep -qx "$HTTP" "$WORK/http.alone"
    row "winhttp: beside the shim" cmp "$WORK/http.alone" "$WORK/http.shim"
    row "winhttp: the shim was there, and only there" loaded http
    row "winhttp: with the setting" cmp "$WORK/http.alone" "$WORK/http.repair"
    row "winhttp: the setting was there" helped http
}

trap stop_peers EXIT
prepare
start_peer plan
for variant in static table-w table-a; do
    client "$variant" 12 "${TLS12[@]}"
    GNUTLS_SYSTEM_PRIORITY_FILE=$(realpath "$WORK/priorities") client "$variant" 13 "${TLS13[@]}"
done
repair 12 29
GNUTLS_SYSTEM_PRIORITY_FILE=$(realpath "$WORK/priorities") repair 13 22
http
finish "tls-$ARCH"
