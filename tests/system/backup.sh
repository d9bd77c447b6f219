#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A backup while the districts report; then the ledger is gone. After a restore the agents bring back by themselves what came after
# the backup, and everything says what it said before. What is damaged, foreign or in use is refused and changes nothing.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

publishers=(wuxing anji)
make_site
enrol "${publishers[@]}"
start_collector

# report PUBLISHER MONTH VALUE: one file of one row.
report() {
    printf 'area,indicator,period,value,released\n%s,land-freed,2023-%s,%s,2023-%s-12\n' "$1" "$2" "$3" "$2" >"$work/$1-$2.csv"
    drop "$1" "$work/$1-$2.csv"
}
history() {
    for one in "${publishers[@]}"; do
        pacewatch history "$site" "$one" land-freed --vintages --format csv >"$work/$one.history"
        for column in period value revision released; do csv "$work/$one.history" "$column" >"$work/$column.column"; done
        paste -d, "$work"/{period,value,revision,released}.column
    done
}
says_again() { history >"$work/after" && cmp -s -- "$work/before" "$work/after"; }

# The agents run until the ledger says what it said before.
bring_back() {
    for one in "${publishers[@]}"; do start "$one" "$PACEWATCH_BIN/pacewatch-agent" "$(home "$one")"; done
    wait_for 60 "the agents to bring back what came after the backup" says_again
    for one in "${publishers[@]}"; do stop "$one"; done
    settled
    says_again || fail "it did not stay as it was: $(diff "$work/before" "$work/after")"
}

note "two months, a backup, two more months"
for one in "${publishers[@]}"; do
    report "$one" 01 100
    report "$one" 02 200
    drain "$one"
done
exits 0 pacewatch backup "$site" "$work/backup 1" --lang en
has "what it says" "read back" "$work/said"
settled
[[ $(csv "$work/status.csv" value item=backup) == 20*Z ]] || fail "status does not tell of the backup"
(cd "$work/backup 1" && sha256sum --quiet -c SHA256SUMS) || fail "the sums of the backup"
[[ ! -e "$work/backup 1.partial" && ! -e "$work/backup 1/ledger.db-wal" ]] || fail "something was left beside the backup"
for one in "${publishers[@]}"; do
    report "$one" 03 300
    report "$one" 04 400
    drain "$one"
done
settled
history >"$work/before"
same "rows" 8 "$(wc -l <"$work/before")"

note "what is refused"
exits 1 pacewatch backup "$site" "$work/backup 1" --lang en
has "an old backup stays" "exists already" "$work/said"
exits 1 pacewatch restore "$site" "$work/backup 1" --lang en
has "a running collector" "stop it, then restore" "$work/said"
stop collector
cp -r -- "$work/backup 1" "$work/bad"
printf 'x' >>"$work/bad/catalogue/owners.csv"
exits 1 pacewatch restore "$site" "$work/bad" --lang en
has "the damaged file" "catalogue/owners.csv is not as it was written" "$work/said"
exits 1 pacewatch restore "$site" "$work/nothing" --lang en
has "no backup" "is no backup" "$work/said"
history >"$work/after"
cmp -- "$work/before" "$work/after" || fail "a refusal changed the ledger"

note "the ledger is gone"
rm -f -- "$site/ledger.db" "$site/ledger.db-wal" "$site/ledger.db-shm"
exits 0 pacewatch restore "$site" "$work/backup 1" --lang en
has "what it says" "the ledger up to row 4, generation 2" "$work/said"
history >"$work/after"
same "rows of the backup" 4 "$(wc -l <"$work/after")"
start_collector
bring_back
for one in "${publishers[@]}"; do
    has "told to people" "ledger was restored: sending again" "$work/$one.log"
    same "receipts of $one" 4 "$(find "$(home "$one")/receipts" -name '*.csv' | wc -l)"
done

note "backups of before the restore say nothing of the new ledger; new ones do"
exits 0 pacewatch backup "$site" "$work/backup 2" --lang en
report wuxing 05 500
drain wuxing
history >"$work/before"

note "restored again and again, within a second, and after one that was cut off with the old ledger set aside"
stop collector
exits 0 pacewatch restore "$site" "$work/backup 1" --lang en
has "generation" "generation 3" "$work/said"
exits 0 pacewatch restore "$site" "$work/backup 1" --lang en
has "generation" "generation 4" "$work/said"
mv -- "$site/ledger.db" "$site/ledger.db.new"
exits 0 pacewatch restore "$site" "$work/backup 1" --lang en
has "generation" "generation 5" "$work/said"
start_collector
bring_back

note "another machine: a site made of the backup and the keys kept apart"
stop collector
mv -- "$site" "$work/old site"
mkdir -p -- "$site"
cp -r -- "$work/old site/keys" "$site/keys"
exits 0 pacewatch restore "$site" "$work/backup 2" --lang en
has "it says so" "the site is new" "$work/said"
has "generation" "generation 3" "$work/said"
start_collector
bring_back
stop collector
