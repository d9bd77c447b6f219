#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The whole demo feed twice: once undisturbed, once with the collector killed (SIGKILL) again and again in mid-feed. What was
# acknowledged is there, nothing is there twice, and every summary is the same.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

publishers=(huzhou wuxing nanxun deqing changxing anji nantaihu)
pacewatch demo "$work/feed" --catalogue "$catalogue" --figures "$catalogue/figures.csv" >"$work/demo.log" 2>&1
files=$(find "$work/feed" -name '*.csv' | wc -l)
rows=$(($(find "$work/feed" -name '*.csv' -exec cat {} + | wc -l) - files))
note "$rows samples in $files files"

# Moves part PART of PARTS of everybody's files into the inboxes, oldest first.
give() {
    local one all from count
    for one in "${publishers[@]}"; do
        all=("$work/feed/$one"/*.csv)
        from=$((${#all[@]} * ($1 - 1) / $2))
        count=$((${#all[@]} * $1 / $2 - from))
        ((count == 0)) || for file in "${all[@]:from:count}"; do drop "$one" "$file"; done
    done
}

receipts() { find "$work"/agents/*/receipts -name '*.csv' | wc -l; }
all_answered() { (($(receipts) == files)); }
more_than() { (($(receipts) > $1)) || all_answered; }

# What does not depend on when and in which order things arrived.
summary() {
    settled 120
    grep -v "^chain," "$work/status.csv" >"$1.status" # its links hold when each file came
    local at
    for at in 2022-06 2022-12 2023-06 2023-12; do
        pacewatch verdicts "$site" --at "$at" --format csv
    done >"$1.verdicts"
    pacewatch alerts "$site" --format csv | csv /dev/stdin '*' | cut -d, -f2- | sort >"$1.alerts"
    local area indicator
    while IFS=, read -r area indicator; do
        printf '%s %s\n' "$area" "$indicator"
        pacewatch history "$site" "$area" "$indicator" --vintages --format csv >"$work/one.csv"
        for column in period value status revision publisher released latest; do csv "$work/one.csv" "$column" >"$work/$column.column"; done
        paste -d, "$work"/{period,value,status,revision,publisher,released,latest}.column
    done < <(printf '%s\n' wuxing,land-freed huzhou,iva-growth nantaihu,land-freed) >"$1.history"
}

note "undisturbed"
make_site
enrol "${publishers[@]}"
start_collector
give 1 1
for one in "${publishers[@]}"; do start "$one" "$PACEWATCH_BIN/pacewatch-agent" "$(home "$one")" --drain; done
for one in "${publishers[@]}"; do
    ended "$one" 120
    same "exit code of $one" 0 "$ended_code"
done
same "receipts" "$files" "$(receipts)"
summary "$work/calm"
stop collector

note "killed in mid-feed"
mv -- "$work/agents" "$work/agents.calm"
site="$work/another site"
make_site
enrol "${publishers[@]}"
start_collector
for one in "${publishers[@]}"; do start "$one" "$PACEWATCH_BIN/pacewatch-agent" "$(home "$one")"; done
parts=5
in_flight=0
for part in $(seq $parts); do
    before=$(receipts)
    give "$part" $parts
    wait_for 60 "the first receipts of part $part" more_than "$before"
    kill_hard collector
    now=$(receipts)
    expected=$((files * part / parts))
    note "killed with $now receipts, about $expected files given"
    ((now >= expected - ${#publishers[@]})) || in_flight=$((in_flight + 1))
    start_collector
done
((in_flight > 0)) || fail "no kill came while something was under way: this run proves nothing"
wait_for 120 "all receipts" all_answered
summary "$work/killed"
for one in "${publishers[@]}"; do stop "$one"; done
stop collector

note "compared"
exits 0 pacewatch fsck "$site"
for one in "${publishers[@]}"; do exits 0 agent "$(home "$one")" fsck; done
fates() { # not how often a row came, but whether each was taken
    cat "$1"/*/receipts/*.csv | grep -c ',accepted'
}
same "rows taken" "$(fates "$work/agents.calm")" "$(fates "$work/agents")"
for part in verdicts alerts history status; do
    diff "$work/calm.$part" "$work/killed.$part" || fail "$part differ"
done
