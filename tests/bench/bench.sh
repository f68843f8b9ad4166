#!/usr/bin/env bash
# bench.sh ARCH: what a DecryptMessage call costs, in tables. unseal_bench measures the real NTLM
# provider against a Linux peer, cost_bench the shim alone. No time is judged; that the texts are
# right, that each way went where it should and that nothing was allocated is.
# Run inside tests/wine.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
. tests/tally.sh

ARCH=${1:?usage: bench.sh i686|x86_64}
BUILD=${BUILD:-build}
PROGRAMS=$BUILD/$ARCH/bench
WORK=$PROGRAMS/run
LIMIT=120
PEER=

prepare() {
    local file
    for file in wine ntlm_auth timeout tr; do
        command -v "$file" >/dev/null || give_up "bench-$ARCH" "$file is not installed"
    done
    for file in "$BUILD/host/bench_peer" "$BUILD/$ARCH/secur32.dll"; do
        [ -f "$file" ] || give_up "bench-$ARCH" "$file has not been built"
    done
    rm -rf "$WORK"
    mkdir -p "$WORK"
    cp "$PROGRAMS"/*.exe "$BUILD/$ARCH/secur32.dll" "$WORK"
}

stop_peer() {
    [ -z "$PEER" ] || kill "$PEER" 2>/dev/null || true
}

# The password file goes to the peer alone: Wine's other packages would find a credential in it.
start_peer() {
    local tries
    NTLM_USER_FILE=tests/data/ntlm.users LM_COMPAT_LEVEL=1 \
        "$BUILD/host/bench_peer" >"$WORK/port" 2>"$WORK/peer.log" &
    PEER=$!
    for ((tries = 0; tries < 100; tries++)); do
        PORT=$(sed -n 's/^port //p' "$WORK/port")
        [ -z "$PORT" ] || return 0
        sleep 0.05
    done
    cat "$WORK/peer.log"
    give_up "bench-$ARCH" "bench_peer does not start"
}

# run PROGRAM ARGUMENT...: prints what it prints, counts its checks
run() {
    local out=$WORK/$1.out code=0 passed failed
    SMB_CONF_PATH=$PWD/tests/data/smb-ess.conf timeout -k 5 "$LIMIT" \
        wine "$WORK/$1.exe" "${@:2}" >"$out.raw" 2>"$WORK/$1.log" </dev/null || code=$?
    tr -d '\r' <"$out.raw" >"$out"
    passed=$(grep -c '^ok: ' "$out" || true)
    failed=$(grep -c '^FAILED: ' "$out" || true)
    grep -v '^ok: ' "$out" || true
    if [ "$code" != 0 ] && [ "$failed" = 0 ]; then
        echo "FAILED: $1 ends with $code, see $WORK/$1.log"
        failed=1
    fi
    PASSED=$((PASSED + passed))
    FAILED=$((FAILED + failed))
}

trap stop_peer EXIT
prepare
start_peer
echo "== $ARCH"
run unseal_bench "$PORT"
echo
run cost_bench
echo
finish "bench-$ARCH"
