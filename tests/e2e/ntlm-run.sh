#!/bin/bash
# ntlm-run.sh: what ntlm.sh, kerberos.sh and demo.sh share; to be sourced. Starts the Linux peer
# and runs a Win32 client under Wine, from a folder with the shim's DLLs beside it or from one
# without.
# ntlm_auth takes the kind of NTLM from the file that SMB_CONF_PATH names. The password file
# goes to the peer alone: Wine's other packages would find a credential in it.

NTLM_BUILD=${BUILD:-build}
NTLM_PIDS=()

ntlm_need() {
    local missing=0 tool
    for tool in wine ntlm_auth timeout tr; do
        command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; missing=1; }
    done
    return "$missing"
}

# ntlm_folder FOLDER ARCH bare|shim
ntlm_folder() {
    local from=$NTLM_BUILD/$2
    rm -rf "$1"
    mkdir -p "$1"
    cp "$from"/ntlm/*.exe "$1" || return 1
    [ "$3" = bare ] || cp "$from/secur32.dll" "$from/security.dll" "$1"
}

# ntlm_peer_start LOG: sets NTLM_PORT
ntlm_peer_start() {
    local tries=100
    NTLM_USER_FILE=tests/data/ntlm.users LM_COMPAT_LEVEL=1 \
        "$NTLM_BUILD/host/block_peer" >"$1.port" 2>"$1" &
    NTLM_PIDS+=($!)
    until grep -qs '^port [0-9]' "$1.port" || [ "$tries" = 0 ]; do
        sleep 0.05
        tries=$((tries - 1))
    done
    NTLM_PORT=$(sed -n 's/^port //p' "$1.port")
    [ -n "$NTLM_PORT" ] || { cat "$1" >&2; return 1; }
}

# ntlm_client EXE ess|nt4 PLANS OUTPUT: not to fail here, the output tells
ntlm_client() {
    local raw=$4.raw notes=${4%.out}.stderr
    SMB_CONF_PATH=$PWD/tests/data/smb-$2.conf timeout 120 \
        wine "$1" "$NTLM_PORT" <"$3" >"$raw" 2>"$notes" || echo "exit code $?" >>"$notes"
    tr -d '\r' <"$raw" >"$4"
    rm -f "$raw"
}

# ntlm_loaded FOLDER shim|system: the proof that the DLL is there where it should be, and is not
# where it should not
ntlm_loaded() {
    local got
    got=$(wine "$1/loaded.exe" 2>/dev/null | tr -d '\r' | tr '\n' ' ') || true
    [ "$got" = "secur32.dll $2 security.dll $2 " ] || { echo "loaded: ${got:-nothing}"; return 1; }
}

# ntlm_judge NAME OUTPUT JUDGE ARGUMENT...: runs a judge and counts the reads that it judged; shows
# what it says of those that are wrong, and what the client said
ntlm_judge() {
    local passed=0 failed=0 verdict=$WORK/$1.verdict
    "$NTLM_BUILD/host/$3" "${@:4}" >"$verdict" || true
    read -r passed failed < <(tail -n 1 "$verdict") || true
    [[ $passed =~ ^[0-9]+$ && $failed =~ ^[0-9]+$ ]] || { passed=0; failed=1; }
    PASSED=$((PASSED + passed))
    FAILED=$((FAILED + failed))
    echo "  $1: $passed of $((passed + failed)) reads"
    [ "$failed" = 0 ] || head -n 12 "$verdict" "${2%.out}.stderr"
}

ntlm_stop() {
    local pid
    for pid in "${NTLM_PIDS[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
}
