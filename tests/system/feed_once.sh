#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A file becomes samples in the ledger: each row's fate is in the receipt, wrong rows harm no others, and whatever is sent
# twice is applied once.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

make_site
enrol wuxing deqing
start_collector

cat >"$work/mixed.csv" <<'FEED'
area,indicator,period,value,unit,released
wuxing,land-freed,2023-04,500,mu,2023-05-12
wuxing,land-freed,2023-05,655,mu,2023-06-12
wuxing,no-such-thing,2023-05,1,,2023-06-12
wuxing,land-freed,2023-13,1,mu,2023-06-12
wuxing,iva-growth,2023-05,abc,pct,2023-06-12
deqing,land-freed,2023-05,77,mu,2023-06-12
wuxing,iva-growth,2023-05,4.2,pct,2023-06-12
FEED

note "check tells about a file and writes nothing"
exits 2 agent "$(home wuxing)" check "$work/mixed.csv"
has "check names the row" no-such-thing "$work/said"
[[ -z $(find "$(home wuxing)/inbox" "$(home wuxing)/receipts" "$(home wuxing)/done" -type f) ]] || fail "check wrote something"
head -n 3 "$work/mixed.csv" >"$work/good.csv"
exits 0 agent "$(home wuxing)" check "$work/good.csv"
exits 3 agent "$(home wuxing)" check "$work/nowhere.csv"
exits 64 agent "$(home wuxing)" check
exits 64 agent

# status_of PUBLISHER KEY
status_of() {
    agent "$(home "$1")" status --format csv >"$work/agent.csv"
    csv "$work/agent.csv" value key="$2"
}

note "status of a home that never ran, and it leaves nothing behind"
same "daemon" "not running" "$(status_of wuxing daemon)"
same "records spooled" 0 "$(status_of wuxing spooled)"
[[ -z $(find "$(home wuxing)/spool" -mindepth 1) && ! -e $(home wuxing)/lock ]] || fail "status wrote something"

note "four wrong rows of seven: three are kept, each row is answered for"
drop wuxing "$work/mixed.csv"
drain wuxing
settled
answer=$(receipt wuxing mixed.csv)
same "rows in the receipt" 7 "$(csv "$answer" row | wc -l)"
for row in 2 3 8; do same "fate of line $row" accepted "$(csv "$answer" fate row=$row)"; done
for row in 4 5 6 7; do
    same "fate of line $row" rejected "$(csv "$answer" fate row=$row)"
    [[ $(csv "$answer" reason row=$row) ]] || fail "line $row was rejected without a reason"
done
[[ -e ${answer%.csv}.txt ]] || fail "no receipt for people"
[[ -e $(home wuxing)/done/mixed.csv || -n $(find "$(home wuxing)/done" -name '*mixed*') ]] || fail "the file is not in done/"
pacewatch history "$site" wuxing land-freed --format csv >"$work/history.csv"
same "values kept" "500 655" "$(csv "$work/history.csv" value | xargs)"
same "who says so" "wuxing wuxing" "$(csv "$work/history.csv" publisher | xargs)"
pacewatch history "$site" deqing land-freed --format csv >"$work/history.csv"
same "nothing for deqing" "" "$(csv "$work/history.csv" value)"

position() {
    pacewatch history "$site" wuxing land-freed --vintages --format csv | csv /dev/stdin position | tail -n 1
}
before=$(position)

note "the same file again, under its name and under another"
drop wuxing "$work/mixed.csv"
drop wuxing "$work/mixed.csv" copy.csv
drain wuxing
same "position of the last row" "$before" "$(position)"

note "the same rows in a file of other bytes change nothing"
{ cat "$work/good.csv" && echo; } >"$work/again.csv"
drop wuxing "$work/again.csv"
drain wuxing
answer=$(receipt wuxing again.csv)
same "fates" unchanged "$(csv "$answer" fate | sort -u)"
same "position of the last row" "$before" "$(position)"

note "another value for a known month is a revision, the first stays known"
printf '%s\n' area,indicator,period,value,released wuxing,land-freed,2023-04,510,2023-06-20 >"$work/revised.csv"
drop wuxing "$work/revised.csv"
drain wuxing
same "fate" "accepted as a revision" "$(csv "$(receipt wuxing revised.csv)" fate)"
pacewatch history "$site" wuxing land-freed --vintages --format csv >"$work/history.csv"
same "vintages of April" "500 510" "$(csv "$work/history.csv" value period=2023-04 | xargs)"
pacewatch history "$site" wuxing land-freed --format csv >"$work/history.csv"
same "April in force" 510 "$(csv "$work/history.csv" value period=2023-04)"
pacewatch history "$site" wuxing land-freed --as-of 2023-06-01 --format csv >"$work/history.csv"
same "as of June 1" "2023-04 500" "$(csv "$work/history.csv" period) $(csv "$work/history.csv" value)"

note "two offices at once"
printf '%s\n' area,indicator,period,value,released deqing,land-freed,2023-05,77,2023-06-12 >"$work/deqing.csv"
printf '%s\n' area,indicator,period,value,released wuxing,land-freed,2023-06,700,2023-07-12 >"$work/wuxing.csv"
drop deqing "$work/deqing.csv"
drop wuxing "$work/wuxing.csv"
start a "$PACEWATCH_BIN/pacewatch-agent" "$(home deqing)" --drain
start b "$PACEWATCH_BIN/pacewatch-agent" "$(home wuxing)" --drain
for one in a b; do
    ended $one 60
    same "exit code" 0 "$ended_code"
done
same "deqing" accepted "$(csv "$(receipt deqing deqing.csv)" fate)"
same "wuxing" accepted "$(csv "$(receipt wuxing wuxing.csv)" fate)"

note "send: one file by hand, and its exit codes"
printf '%s\n' area,indicator,period,value,released wuxing,land-freed,2023-07,720,2023-08-12 >"$work/july.csv"
exits 0 agent "$(home wuxing)" send "$work/july.csv"
exits 2 agent "$(home wuxing)" send "$work/mixed.csv"

note "send without a collector: told, kept, and delivered later without being asked again"
stop collector
printf '%s\n' area,indicator,period,value,released wuxing,land-freed,2023-08,730,2023-09-12 >"$work/august.csv"
exits 3 agent "$(home wuxing)" send "$work/august.csv" --timeout 1
start_collector
drain wuxing
same "fate" accepted "$(csv "$(receipt wuxing august.csv)" fate)"

note "a second collector on the same site, a second agent on the same home: refused"
exits 1 "$PACEWATCH_BIN/pacewatch-collector" "$site"
start second "$PACEWATCH_BIN/pacewatch-agent" "$(home wuxing)" # a log of its own: the other one has "connected" in it already
wait_for 10 "the agent" grep -q 'link: connected' "$work/second.log"
exits 1 agent "$(home wuxing)" --drain
same "daemon" "pid ${pid[second]}" "$(status_of wuxing daemon)"
spooled=$(status_of wuxing spooled)
stop second
note "status at rest is read from the spool"
same "daemon" "not running" "$(status_of wuxing daemon)"
same "records spooled" "$spooled" "$(status_of wuxing spooled)"
same "records with receipt" "$spooled" "$(status_of wuxing cursor)"
same "records waiting" 0 "$(status_of wuxing waiting)"
stop collector
