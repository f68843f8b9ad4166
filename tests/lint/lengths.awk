# lengths.awk: of one C, shell or make file, named KIND: no file over 300 lines, no line over 100
# columns, no function over 50 lines, no control statement inside three others. The formatter makes
# this readable line by line: functions open and close in column 0, four blanks are a level.

function wrong(line, what) {
    print FILENAME ":" line ": " what
    bad = 1
}

function columns(text, n, i) {
    for (i = 1; i <= length(text); i++)
        n += substr(text, i, 1) == "\t" ? 8 - n % 8 : 1
    return n
}

columns($0) > 100 { wrong(FNR, columns($0) " columns") }

KIND == "make" { next }

KIND == "c" && /^\{/ || KIND == "shell" && /^[a-z_0-9]+\(\) \{$/ { start = FNR; deep = 0 }

start && match($0, /^ +/) && !deep {
    keyword = substr($0, RLENGTH + 1)
    if (RLENGTH >= 16 && keyword ~ /^(if|for|while|until|switch|case|do)($|[ ;])/) {
        wrong(FNR, "nested more than three deep")
        deep = 1
    }
}

start && /^\}/ {
    if (FNR - start + 1 > 50)
        wrong(start, "function of " FNR - start + 1 " lines")
    start = 0
}

END {
    if (FNR > 300)
        wrong(FNR, "file of " FNR " lines")
    if (start)
        wrong(start, "function without an end in column 0")
    exit bad
}
