#!/bin/bash
# kdc.sh: a private MIT KDC on 127.0.0.1; to be sourced. Everything of it stands in one folder, and
# it ends by its process id. Realm TEST.LOCAL, service host/localhost, user "user".
#   kdc_start FOLDER      sets KDC_PID and the KRB5 variables that its users need
#   kdc_weak              sets KRB5_CONFIG and KRB5CCNAME for the same realm as it is for whoever
#                         speaks arcfour-hmac alone; to be called in a subshell
#   kdc_stop
# krb5kdc takes no port of the kernel's choice, so one is guessed until it can be had.

KDC_REALM=TEST.LOCAL
KDC_PID=
PATH=$PATH:/usr/sbin

# kdc_config [PERMITTED]: what a client of the realm reads
kdc_config() {
    cat <<END
[libdefaults]
 default_realm = $KDC_REALM
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 udp_preference_limit = 1
 allow_rc4 = true
 ${1:+permitted_enctypes = $1}
[realms]
 $KDC_REALM = {
  kdc = 127.0.0.1:$KDC_PORT
 }
[domain_realm]
 localhost = $KDC_REALM
END
}

kdc_profile() {
    cat <<END
[kdcdefaults]
 kdc_listen = 127.0.0.1:$KDC_PORT
 kdc_tcp_listen = 127.0.0.1:$KDC_PORT
[realms]
 $KDC_REALM = {
  database_name = $KDC_HOME/principal
  key_stash_file = $KDC_HOME/stash
  acl_file = $KDC_HOME/acl
  supported_enctypes = aes256-cts-hmac-sha1-96:normal arcfour-hmac:normal
 }
[logging]
 kdc = FILE:$KDC_HOME/kdc.log
END
}

kdc_create() {
    kdb5_util create -s -r "$KDC_REALM" -P master &&
        kadmin.local -q "addprinc -pw pass user" &&
        kadmin.local -q "addprinc -randkey host/localhost" &&
        kadmin.local -q "ktadd -k $KDC_HOME/keytab host/localhost"
}

# One try, at $KDC_PORT; ends well when the KDC has said that it serves.
kdc_try() {
    local tries=100
    kdc_config >"$KRB5_CONFIG"
    kdc_profile >"$KRB5_KDC_PROFILE"
    rm -f "$KDC_HOME/kdc.log"
    krb5kdc -n -r "$KDC_REALM" >"$KDC_HOME/kdc.out" 2>&1 &
    KDC_PID=$!
    until grep -qs 'commencing operation' "$KDC_HOME/kdc.log"; do
        tries=$((tries - 1))
        [ "$tries" != 0 ] && kill -0 "$KDC_PID" 2>/dev/null || { kdc_stop; return 1; }
        sleep 0.05
    done
}

kdc_tickets() {
    kinit user <<<pass && (
        kdc_weak
        kdc_config arcfour-hmac >"$KRB5_CONFIG"
        kinit user <<<pass
    )
}

kdc_start() {
    local tries tool
    for tool in krb5kdc kdb5_util kadmin.local kinit; do
        command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; return 1; }
    done
    mkdir -p "$1"
    KDC_HOME=$(realpath "$1")
    KDC_PORT=0
    export KRB5_CONFIG=$KDC_HOME/krb5.conf KRB5_KDC_PROFILE=$KDC_HOME/kdc.conf
    export KRB5CCNAME=FILE:$KDC_HOME/tickets KRB5_KTNAME=FILE:$KDC_HOME/keytab
    export KRB5RCACHENAME=dfl: KRB5RCACHEDIR=$KDC_HOME
    kdc_config >"$KRB5_CONFIG"
    kdc_profile >"$KRB5_KDC_PROFILE"
    kdc_create >"$KDC_HOME/create.log" 2>&1 || { cat "$KDC_HOME/create.log" >&2; return 1; }
    for tries in 1 2 3 4 5; do
        KDC_PORT=$((20000 + RANDOM % 10000))
        ! kdc_try || break
    done
    [ -n "$KDC_PID" ] || { cat "$KDC_HOME"/kdc.{out,log} >&2; return 1; }
    kdc_tickets >"$KDC_HOME/kinit.log" || { cat "$KDC_HOME/kinit.log" >&2; return 1; }
}

kdc_weak() {
    export KRB5_CONFIG=$KDC_HOME/weak.conf KRB5CCNAME=FILE:$KDC_HOME/weak.tickets
}

kdc_stop() {
    [ -z "$KDC_PID" ] || kill "$KDC_PID" 2>/dev/null || true
    KDC_PID=
}
