# tls-repair.sh: the rows of tls.sh that are about `Schannel=repair`; to be sourced. Each is a
# client and a plan: first what they come to without the shim, and with it but without the setting,
# then with both. What is not repaired in time comes with a later read: a read has room for its
# bytes less 5, so where the last text has to arrive the plan ends with a read that has some.
#
# A client stops at its fourth error, so one that loses something at the start of a plan hears no
# more of it, whatever it is, unless it is helped. Without help the trace must be the same in every
# run: no part of a record that starts a read may look like a header by chance.
ROWS=()

# add STYLE|PLAN TEXTS|ERRORS|PIECE LENGTHS|ERRORS|PIECE: the second of the first two ways, as in
# tls.sh; the third of the repaired one: the length of each text that arrives (all: of the whole
# plan), errors, and a piece of that trace.
add() {
    ROWS+=("$1|$2|$3")
}

# repeat N WORD...
repeat() {
    local i
    for ((i = 0; i < $1; i++)); do printf ' %s' "${*:2}"; done
}

# records N: of growing length
records() {
    seq -s ' ' -f 'rec%g' 20 $((19 + $1))
}

# merges FROM TO: reads of that many records
merges() {
    local n
    for ((n = $1; n <= $2; n++)); do printf ' ack %s send' "$(records "$n")"; done
}

# cuts STEP SIZE RECORD...: these records, SIZE bytes in all, in two reads, cut at every STEPth byte
cuts() {
    local at
    for ((at = 1; at < $2; at += $1)); do printf ' ack %s send%d ack send' "${*:3}" "$at"; done
}

# begin VERSION OVERHEAD: lengths of records, and plans that start with a loss
begin() {
    V=$1 O=$2 ONE=$((20 + $2)) TWO=$((50 + 2 * $2)) THREE=$((90 + 3 * $2))
    local rest
    rest="send ack rec30 send$(repeat 3 ack rec20 send)"
    MERGED="$V ack rec20 rec30 $rest" CUT="$V ack rec20 send1 ack $rest"
    LOST='1|4|: 80090304' CUT_LOST='0|4|: 80090304'
}

repair_dropextra() {
    local n
    for n in 2 3 5 8 13 20; do
        add "dropextra|$V ack $(records "$n") send ack rec50 send" '1|1|: 80090304' 'all|0|'
    done
    add "dropextra|$MERGED$(merges 2 20)" "$LOST" 'all|0|DATA 590@5'
    add "dropextra|$MERGED$(cuts 4 "$ONE" rec20) ack rec20 rec20 send" "$LOST" 'all|0|DATA 0@5'
    add "dropextra|$MERGED$(cuts 5 "$TWO" rec20 rec30) ack rec20 rec20 rec20 send" "$LOST" \
        'all|0|DATA 0@5'
    add "dropextra|$MERGED ack rec16384 rec20 send ack rec30 send" "$LOST" 'all|0|DATA 16404@5'
    add "dropextra,unseal|$MERGED" "$LOST" 'all|0|DATA 50@5'
    add "dropextra,wild,noqop|$MERGED" "$LOST" 'all|0|DATA 50@5'
    add "dropextra,stale|$MERGED" "$LOST" 'all|0|DATA 50@5'
    add "dropextra,last|$MERGED" "$LOST" 'all|0|HEADER 5@0, DATA 50@5'
    add "dropextra,five|$MERGED" "$LOST" 'all|0|DATA 50@5'
    add "dropextra|$V ack rec20 rec30 rec40 close send" '1|0|EXTRA' 'all|0|DATA 90@5'
    add "dropextra|$V ack rec20 rec30 flip rec40 send$(repeat 2 ack rec60 send)" \
        "1|2|decrypt $((60 + O)): 80090304" "20|2|decrypt $((60 + O)): 80090304"
    add "dropextra|$V ack rec20 rec30 rec40 flip rec50 send ack rec60 send" \
        '1|1|: 80090304' '20 30|1|: 80090304'
    "repair_dropextra_$V"
}

repair_dropextra_12() {
    add "dropextra|12 hold rec20 rec30 send ack rec40 send" '1|1|: 80090304' 'all|0|DATA 50@5'
    add "dropextra|12 ack rec20 rec30 hello send ack rec40 send" \
        '1|1|: 80090304' 'all|0|: 00090321, qop 51, HEADER 5@0, DATA 50@5, TRAILER 86@55, EMPTY,'
    # What is behind a message to the handshake is the program's to keep: no setting helps here.
    add "dropextra|12 ack rec20 hello rec30 send ack rec40 send" \
        '1|1|: 80090304' '20|1|: 00090321, qop 51, HEADER 5@0, DATA 20@5'
}

repair_dropextra_13() {
    add "dropextra|13 tickets2 ack rec20 send ack rec30 send" '0|1|: 80090304' 'all|0|DATA 20@5'
    add "dropextra|13 tickets2 ack send ack rec20 ticket rec30 send ack rec40 send" \
        '0|2|: 80090304' 'all|0|DATA 50@5'
    add "dropextra|13 tickets2 ack rec20 send80 ack send30 ack send ack rec30 send" \
        '0|0|MISSING' 'all|0|DATA 30@5'
    add "dropextra|13 ack rec20 update rec30 send ack update rec40 send" \
        '1|1|: 80090304' 'all|0|DATA 50@5'
    add "dropextra,sealed|13 hear24 rec20 asknew rec30 send hear24 rec40 send" \
        '1|1|: 80090304' 'all|0|DATA 50@5'
}

repair_forget() {
    add "forget|$V ack rec20 rec30 send$((TWO - 3)) ack send ack rec40 send ack rec20 send" \
        '1|2|MISSING 3@0' 'all|0|DATA 0@'
    add "forget|$V ack rec20 send1 ack send ack rec30 send ack rec40 send" \
        '0|2|MISSING ?@0' 'all|0|DATA 20@5'
    add "forget|$V ack rec20 send$((ONE - 1)) ack send ack rec30 send ack rec20 send" \
        '0|2|: 80090304' 'all|0|, text 0, text 1'
    # Late: a last read of few bytes keeps the text; others have room for it bit by bit.
    add "forget|$V ack rec20 send$((ONE - 3)) ack send" '0|0|MISSING 3@0' '|0|DATA 0@'
    add "forget|$V ack rec60 send$((57 + O)) ack send$(repeat 4 ack rec4 send)" \
        '0|4|: 80090304' "all|0|DATA $((O - 1))@5, "
    add "forget|$CUT$(cuts 1 "$ONE" rec20) ack rec20 rec20 send" "$CUT_LOST" 'all|0|DATA 0@'
    add "forget|$CUT$(cuts 7 "$THREE" rec20 rec30 rec40)$(repeat 3 ack rec20 send)" "$CUT_LOST" \
        'all|0|DATA 0@'
    add "forget|$CUT ack rec20$(repeat "$ONE" send1 ack) rec50 rec20 send" "$CUT_LOST" \
        'all|0|DATA 0@'
    add "forget|$CUT ack rec20 rec30 send$((ONE + 3)) ack send2 ack send1 ack send ack rec50 send" \
        "$CUT_LOST" 'all|0|DATA 20@5'
    add "forget|$CUT ack rec16384 send10000 ack send3000 ack send ack tiny700" "$CUT_LOST" \
        'all|0|DATA 0@'
    add "forget|$CUT ack rec20 flip send9 ack send ack rec30 send" \
        "$CUT_LOST" '20 30 20 20 20|2|: 80090304'
    "repair_forget_$V"
}

repair_forget_12() {
    add "forget|$CUT ack rec20 hello send60 ack send ack rec40 send" "$CUT_LOST" \
        'all|0|: 00090321'
}

repair_forget_13() {
    local update='ack rec20 update rec30 send50 ack send ack update send7 ack send'
    local ticket='ack ticket rec30 send9 ack send100 ack send'
    add "forget|$CUT $update ack rec40 send" "$CUT_LOST" 'all|0|DATA 0@'
    add "forget|${CUT/13/13 tickets2 ack send} $ticket ack rec20 send" "$CUT_LOST" 'all|0|DATA 0@'
}

repair_correct() {
    local ones=$(((ONE + 2) / 4 + 2)) threes=$((3 * ((THREE + 7) / 9) + 3))
    add "correct|$V$(cuts 4 "$ONE" rec20) ack rec50 rec20 send" "$ones|0|MISSING" 'all|0|DATA 0@'
    add "correct|$V$(cuts 9 "$THREE" rec20 rec30 rec40)$(repeat 3 ack rec50 send)" \
        "$threes|0|EXTRA" 'all|0|DATA 0@'
    add "correct|$V$(merges 2 20) ack close send" '209|0|EXTRA' 'all|0|DATA 590@5'
    add "walk|$V$(merges 2 6) ack rec20 send9 ack send ack rec30 send" '22|0|EXTRA' \
        'all|0|DATA 135@5'
    add "correct|$V ack rec20 rec30 flip rec40 send ack rec50 send" '1|2|: 80090304' \
        '20|1|: 80090304'
    add "correct,quiet|$V bulk40 ack tiny700" '740|0|' 'all|0|'
    [ "$V" = 13 ] || add 'correct|12 ack rec20 hello rec30 send ack rec40 send' '3|0|: 00090321' \
        'all|0|: 00090321'
}

# lengths PLAN: those of its texts
lengths() {
    local word
    for word in $1; do
        case $word in
        rec*) printf ' %d' "${word#rec}" ;;
        bulk*) repeat "${word#bulk}" 16384 ;;
        tiny*) repeat "${word#tiny}" 1 ;;
        esac
    done
}

# repairs NAME N PLAN LENGTHS ERRORS PIECE: that, in order, and nothing else
repairs() {
    local text=$WORK/$1.repair.$2 wanted=${4:+ $4}
    section "$WORK/$1.repair" "$2" >"$text"
    [ "$4" != all ] || wanted=$(lengths "$3")
    if grep -qxF "  arrived:$wanted" "$text" && grep -qF " texts, 0 wrong, $5 errors" "$text" &&
        grep -qF -- "$6" "$text" && ! grep -qF 'OTHER MEMORY' "$text"; then
        return 0
    fi
    echo "wanted:$wanted"
    tail -n 12 "$text"
    return 1
}
