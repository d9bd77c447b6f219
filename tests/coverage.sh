#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints how much of the code that must lose nothing and let nobody in the tests have reached: lines, and branches taken at least
# once, a file each, and all together. `./check coverage` makes the tree and runs the tests. With --untaken, before that, each
# line with a branch that was never taken: how many of them, and of how many.
#
#   coverage.sh TREE [--untaken]
set -euo pipefail
cd -- "$(dirname -- "$(realpath -- "${BASH_SOURCE[0]}")")/.."
# shellcheck source=packaging/say.sh
. packaging/say.sh

# What is spooled, sent, taken once, and by whom.
sources=(
    agent/spool*.c agent/session*.c agent/import.c agent/fates.c agent/receipt_spooled.c
    proto/*.c
    collector/intake*.c collector/registry.c collector/clock_trust.c collector/turns.c collector/links.c collector/door.c
    collector/ledger/stream.c collector/ledger/apply.c collector/ledger/backups.c collector/ledger/keys.c
    platform/bus_zmq*.c platform/keys.c platform/file.c platform/hash.c
)

# The counts of a source in TREE.
counts_of() {
    local counts
    counts=$(find "$1/${2%%/*}" -path "*.dir/${2#*/}.gcda")
    [[ $counts ]] || die "no test has run $2" "没有测试运行过 $2"
    echo "$counts"
}

# SOURCE:LINE UNTAKEN/BRANCHES TEXT
untaken() {
    gcov --stdout --branch-probabilities "$(counts_of "$1" "$2")" | awk -v source="$2" '
        function tell() { if (ours && never) printf "%s:%d %d/%d%s\n", source, line, never, branches, text; never = branches = 0 }
        /^ *[^ :]+: *[0-9]+:/ { tell(); split($0, part, ":"); line = part[2]; text = $0; sub(/^[^:]*:[^:]*:/, "", text) }
        line == 0 && text ~ /^Source:/ { ours = index(text "$", "/" source "$") }
        /^branch /            { branches++; never += /never executed|taken 0%/ }
        END                   { tell() }'
}

# source LINES% LINES BRANCHES% BRANCHES
measure() {
    gcov --no-output --branch-probabilities "$(counts_of "$1" "$2")" | awk -F '[: %]+' -v source="$2" '
        /^File /                 { ours = index($0, "/" source "\47") }
        ours && /^Lines exec/    { lines = $3 " " $5 }
        ours && /^Taken at/      { branches = $5 " " $7 }
        /^$/                     { ours = 0 }
        END                      { print source, lines, branches ? branches : "100 0" }'
}

if [[ ${2:-} == --untaken ]]; then
    for source in "${sources[@]}"; do
        untaken "$1" "$source"
    done
fi
for source in "${sources[@]}"; do
    measure "$1" "$source"
done | awk -v head="$(say "                                   lines          branches" "                                   行             分支")" \
    -v all="$(say "all together" "合计")" '
    function row(name, done, of, taken, out_of) {
        printf "%-32s %6.1f %% of %5d %6.1f %% of %5d\n", name, of ? 100 * done / of : 100, of, out_of ? 100 * taken / out_of : 100, out_of
    }
    BEGIN { print head }
    {
        done = int($2 * $3 / 100 + 0.5); taken = int($4 * $5 / 100 + 0.5)
        row($1, done, $3, taken, $5)
        lines += $3; lines_done += done; branches += $5; branches_taken += taken
    }
    END { row(all, lines_done, lines, branches_taken, branches) }'
