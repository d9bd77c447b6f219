#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Replay runs the past through the rules: twice the same to the byte, and ending where the collector's own alerts stand.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

note "one office's years through agent and collector"
pacewatch demo "$work/feed" --catalogue "$catalogue" --figures "$catalogue/figures.csv" >"$work/demo.log" 2>&1
make_site
enrol anji
start_collector
for file in "$work"/feed/anji/*.csv; do drop anji "$file"; done
exits 0 agent "$(home anji)" --drain
settled 60
stop collector

note "replayed twice"
replay() { pacewatch replay "$site" --format csv "$@"; }
replay >"$work/first"
replay >"$work/second"
cmp "$work/first" "$work/second" || fail "two runs differ"
(($(wc -l <"$work/first") > 10)) || fail "hardly anything happened"

note "its end is what the ledger's alerts say"
# target, level and day of the last event of each target; an alert that was closed shows its closing event's level
last() { csv "$1" "$2" >"$work/$2.column"; }
for column in target level at; do last "$work/first" "$column"; done
paste -d, "$work"/{target,level,at}.column | awk -F, '{ end[$1] = $2 "," $3 } END { for (t in end) print t "," end[t] }' | sort >"$work/replayed"
pacewatch alerts "$site" --format csv >"$work/alerts.csv"
for column in target level last_change; do last "$work/alerts.csv" "$column"; done
# newest first: the first line of a target is its last alert
paste -d, "$work"/{target,level,last_change}.column | awk -F, '!seen[$1]++' | sort >"$work/kept"
cmp "$work/replayed" "$work/kept" || { diff "$work/replayed" "$work/kept" | head; fail "replay and alerts differ"; }

note "a shorter past, and another catalogue"
replay --from 2023-01 --to 2023-06 >"$work/half"
csv "$work/half" at | awk '$0 > "2023-06-30" || $0 < "2023-01-01" { bad = 1 } END { exit bad }' || fail "events outside the months asked for"
cp -r -- "$catalogue" "$work/tried"
sed -i '/^f1-14-anji,/s/,2000,2000,/,1,1,/' "$work/tried/targets.csv" # one mu: reached in January
replay --catalogue "$work/tried" >"$work/tried.csv"
has "today's target lags" f1-14-anji "$work/first"
if grep -q f1-14-anji "$work/tried.csv"; then fail "the tried catalogue's target should never lag"; fi
exits 2 pacewatch replay "$site" --from 2023-13
