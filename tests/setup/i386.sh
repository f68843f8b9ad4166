#!/usr/bin/env bash
# i386.sh up|down: lets 32-bit Linux programs (Wine's i386 half) run on a kernel that cannot run
# them, as some virtual machines have it: through qemu-user and a binfmt_misc rule of our own.
# `up` does nothing where the kernel runs them itself. Otherwise it says so, registers the rule and
# prints "qemu" on standard output; `down` removes the rule. qemu before version 8 needs a minute
# to start a Wine program (it keeps 32-bit address space page by page), so that Debian 12 takes the
# static binary of Debian 13's package, unpacked under build/ and not installed.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$root/build/qemu
rules=/proc/sys/fs/binfmt_misc
rule=sspishim-i386

fail() {
    echo "i386: $*" >&2
    exit 1
}

runs_natively() {
    local loader=/lib/ld-linux.so.2
    [ -e "$loader" ] || fail "$loader is missing; run tests/setup/packages.sh"
    "$loader" --version >/dev/null 2>&1
}

# The archive that apt is configured for, with the suite that has the new version.
fetch() {
    local suite=trixie uri
    local private=(-q -o Dir::Etc::sourcelist="$work/apt/sources.list"
        -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$work/apt/lists"
        -o Dir::Cache="$work/apt/cache" -o APT::Sandbox::User= -o APT::Architectures=amd64)
    local format='$(REPO_URI) $(CODENAME) $(COMPONENT)'
    uri=$(apt-get indextargets --format "$format" 'Created-By: Packages' |
        awk -v release="$(. /etc/os-release && echo "$VERSION_CODENAME")" \
            '$2 == release && $3 == "main" && !uri {uri = $1} END {print uri}')
    [ -n "$uri" ] || fail "apt's configuration names no archive of this release"
    rm -rf "$work"
    mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" \
        >"$work/apt/sources.list"
    (
        cd "$work"
        apt-get "${private[@]}" update
        apt-get "${private[@]}" download qemu-user
        dpkg-deb -x qemu-user_*.deb unpacked
        cp unpacked/usr/bin/qemu-i386 qemu-i386.new
    ) >"$root/build/qemu.log" 2>&1 || fail "qemu-user could not be fetched; see build/qemu.log"
    mv "$work/qemu-i386.new" "$work/qemu-i386"
    rm -rf "$work/apt" "$work/unpacked" "$work"/*.deb
}

up() {
    runs_natively && return
    echo "i386: this kernel cannot run 32-bit programs; i686 tests run on an emulated CPU" >&2
    [ "$(id -u)" = 0 ] || fail "registering the emulator needs root"
    [ -x "$work/qemu-i386" ] || fetch
    [ -e "$rules/register" ] || mount -t binfmt_misc binfmt_misc "$rules" ||
        fail "binfmt_misc cannot be mounted"
    # An ELF executable or shared object, 32 bit, little endian, for the 386. F: opened now.
    printf '%s' ":$rule:M::" \
        '\x7fELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x03\x00:' \
        '\xff\xff\xff\xff\xff\xfe\xfe\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:' \
        "$work/qemu-i386:F" >"$rules/register"
    if ! runs_natively; then
        down
        fail "32-bit programs do not run under the emulator either"
    fi
    echo qemu
}

down() {
    [ ! -e "$rules/$rule" ] || echo -1 >"$rules/$rule"
}

case ${1:-} in
up) up ;;
down) down ;;
*) fail "usage: i386.sh up|down" ;;
esac
