#!/usr/bin/env bash
# packages.sh: installs the Debian packages that `make demo` and `make check` need
# (Debian 12 and 13, amd64). Silent and quick when all of them are there already.
# Without root or sudo it names the missing ones and fails.
set -euo pipefail

fail() {
    echo "packages: $*" >&2
    exit 1
}

# Debian 13 renamed libraries for 64-bit time on i386; amd64 took the new names too.
names() {
    local t64=t64
    [ "$1" != bookworm ] || t64=
    printf '%s\n' make gcc libc6-dev cppcheck clang clang-format clang-tidy \
        debootstrap dpkg-dev xz-utils zip unzip openssl \
        gcc-mingw-w64-i686-win32 gcc-mingw-w64-x86-64-win32 \
        wine wine64 wine32:i386 winbind gss-ntlmssp \
        libcmocka-dev nettle-dev libkrb5-dev libssl-dev krb5-kdc krb5-admin-server krb5-user \
        "libgnutls30$t64:amd64" "libgnutls30$t64:i386" \
        libkrb5-3:i386 libgssapi-krb5-2:i386
}

# Prints the packages among the arguments that are not installed, or not completely. A name without
# architecture means the machine's own; dpkg-query answers for all of them.
missing() {
    local name own arch there
    own=$(dpkg --print-architecture)
    there=$(dpkg-query -W -f '${Package}:${Architecture} ${db:Status-Status},' "$@" 2>/dev/null) ||
        true # it fails where one is unknown, and prints the others
    for name in "$@"; do
        arch=$own
        [ "$name" = "${name%:*}" ] || arch=${name#*:}
        case ,$there in
        *",${name%:*}:$arch installed,"* | *",${name%:*}:all installed,"*) ;;
        *) printf '%s\n' "$name" ;;
        esac
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

# Removing what somebody installed is never the price of a test run.
install() {
    as_root apt-get install -y --no-install-recommends --no-remove "$@"
}

# The tests start a KDC of their own; an install is not to start the machine's. Debian asks this
# file before it starts a service; one that is there already is the owner's word.
POLICY=/usr/sbin/policy-rc.d
MARK='# of SspiShim: packages.sh'

forbid_services() {
    [ ! -e "$POLICY" ] || return 0
    printf '%s\n' '#!/bin/sh' "$MARK" 'case $1 in krb5-*) exit 101 ;; esac' |
        as_root tee "$POLICY" >/dev/null
    as_root chmod 755 "$POLICY"
}

allow_services() {
    ! grep -qsF "$MARK" "$POLICY" || as_root rm -f "$POLICY"
}

# The security suite's i386 index is often out of step with amd64's; then only the versions of the
# release itself fit each other. Where amd64 has newer ones already, only the ordinary choice fits.
install_missing() {
    local release=$1
    shift
    install -t "$release" "$@" && return
    echo "packages: the release's own versions do not fit; trying the newest ones"
    install "$@"
}

main() {
    local release todo
    command -v dpkg-query >/dev/null || fail "this is not Debian; see the list in $0"
    release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    [ -n "$release" ] || fail "/etc/os-release names no VERSION_CODENAME"
    mapfile -t todo < <(names "$release")
    mapfile -t todo < <(missing "${todo[@]}")
    [ "${#todo[@]}" != 0 ] || return 0
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        fail "neither root nor sudo, and these are missing: ${todo[*]}"

    echo "packages: installing ${todo[*]}"
    as_root dpkg --add-architecture i386
    as_root apt-get update || echo "packages: apt-get update complained; the install decides"
    trap allow_services EXIT
    forbid_services
    install_missing "$release" "${todo[@]}" || fail "apt-get could not install: ${todo[*]}"
    mapfile -t todo < <(missing "${todo[@]}")
    [ "${#todo[@]}" = 0 ] || fail "still missing after the install: ${todo[*]}"
    echo "packages: all there"
}

main
