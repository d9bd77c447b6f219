#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Real damage to a real site and to an agent's home: fsck names what was damaged and nothing else, while the collector runs and when
# it does not; what it says to do mends it.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

# says CODE FINDING... -- COMMAND...: the command's findings but those that are ok, each "weight check object", are exactly these.
says() {
    local want=$1 got=0 column wanted=()
    shift
    while [[ $1 != -- ]]; do
        wanted+=("$1")
        shift
    done
    shift
    "$@" --format csv >"$work/fsck.csv" 2>"$work/said" || got=$?
    for column in weight check object; do csv "$work/fsck.csv" "$column" >"$work/$column.column"; done
    paste -d' ' "$work"/{weight,check,object}.column | { grep -v '^ok ' || true; } >"$work/found"
    printf '%s\n' "${wanted[@]}" | sed '/^$/d' >"$work/wanted"
    cmp -s -- "$work/wanted" "$work/found" || { cat "$work/fsck.csv" "$work/said"; fail "fsck should say: ${wanted[*]}"; }
    same "exit code of fsck" "$want" "$got"
}

# site_says CODE FINDING..., home_says PUBLISHER CODE FINDING...
site_says() { says "$@" -- pacewatch fsck "$site" --lang en; }
home_says() { says "${@:2}" -- agent "$(home "$1")" fsck; }
is_clean() { pacewatch fsck "$site" --format csv >"$work/fsck.csv" && [[ $(wc -l <"$work/fsck.csv") == 1 ]]; }

# flip FILE OFFSET: one bit of one byte.
flip() {
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 -- "$1")
    printf '%b' "\\x$(printf %x $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# archive AREA: its file, below rrd/.
archive() { csv "$site/rrd/series.csv" archive area="$1" indicator=land-freed; }

# report PUBLISHER MONTH: one file of one row.
report() {
    printf 'area,indicator,period,value,released\n%s,land-freed,2023-%s,1%s0,2023-%s-12\n' "$1" "$2" "$2" "$2" >"$work/$1-$2.csv"
    drop "$1" "$work/$1-$2.csv"
}

make_site
enrol wuxing anji
start_collector
for one in wuxing anji; do
    for month in 01 02 03; do report "$one" "$month"; done
    drain "$one"
done
settled

note "nothing is wrong, while the collector runs; without a backup it says so"
site_says 0 "attention backup ledger.db"
exits 0 pacewatch backup "$site" "$work/backup"
site_says 0
home_says wuxing 0
exits 0 pacewatch fsck "$site" --format table --lang zh-CN
has "in Chinese" "有误 0 项" "$work/said"

note "archives: one deleted, one damaged, one nobody's; a collector draws them anew by itself, at its start and while it runs"
stop collector
lost=$(archive wuxing)
flipped=$(archive anji)
stray=${lost%/*}/00000f${lost%/*}.rrd
rm -- "$site/rrd/$lost"
flip "$site/rrd/$flipped" 5000
printf 'x' >"$site/rrd/$stray"
site_says 1 "wrong archives $lost" "wrong archives $flipped" "attention archives $stray"
has "which series" "the archive of wuxing/land-freed is missing" "$work/fsck.csv"
rm -- "$site/rrd/$stray"
start_collector
wait_for 30 "the archives to be drawn anew" is_clean
has "what was healed" "drawn again: count=" "$work/collector.log"
rm -- "$site/rrd/$lost"
flip "$site/rrd/$flipped" 5000
wait_for 30 "the archives to be drawn anew while it runs" is_clean

note "a damaged archive and a rebuild, without a collector"
stop collector
flip "$site/rrd/$flipped" 5000
site_says 1 "wrong archives $flipped"
exits 0 pacewatch rebuild "$site"
site_says 0 "attention archives rrd/state"
start_collector
settled
site_says 0

note "a publisher is missing in the catalogue"
cp -- "$site/catalogue/publishers.csv" "$work/publishers.csv"
sed -i '/^anji,/d; s/;anji//g' "$site/catalogue/publishers.csv"
site_says 1 "wrong catalogue anji"
cp -- "$work/publishers.csv" "$site/catalogue/publishers.csv"
site_says 0

note "a damaged backup"
flip "$work/backup/ledger.db" 5000
site_says 1 "wrong backup $(realpath -- "$work/backup")"
flip "$work/backup/ledger.db" 5000
site_says 0

note "the ledger: a batch is gone, pages are damaged; restored, the agents bring the rest"
report wuxing 04
drain wuxing
settled
stop collector
stream=$(cat -- "$(home wuxing)/spool/current")
"$PACEWATCH_TOOLS/run_sql" "$site/ledger.db" "DELETE FROM batch WHERE stream = 1 AND first = 1"
site_says 1 "wrong batches $stream" "wrong counts $stream" "wrong submissions 1 wuxing-01.csv"
has "what to do" "pacewatch restore" "$work/fsck.csv"
dd if=/dev/zero of="$site/ledger.db" bs=1024 seek=13 count=3 conv=notrunc status=none
exits 1 pacewatch fsck "$site" --lang en
has "damaged pages" "wrong,pages,ledger.db" "$work/said"
exits 0 pacewatch restore "$site" "$work/backup"
start_collector
start wuxing "$PACEWATCH_BIN/pacewatch-agent" "$(home wuxing)"
came_back() { pacewatch history "$site" wuxing land-freed --format csv >"$work/history.csv" && grep -q '^2023-04,' "$work/history.csv"; }
wait_for 60 "the agent to bring back what came after the backup" came_back
stop wuxing
settled
site_says 0 "attention backup ledger.db" # the backup does not know of itself
exits 0 pacewatch backup "$site" "$work/backup 2"
site_says 0

note "an agent's home: a damaged segment, a receipt that is gone, a file that never was spooled"
segment=$(home wuxing)/spool/$stream/0000000000000001.seg
flip "$segment" 300
home_says wuxing 1 "wrong spool wuxing-01.csv" "wrong spool $stream" "wrong spool 0000000000000001.seg"
has "which records" "records 1 to 3 cannot be read" "$work/fsck.csv"
drain wuxing
home_says wuxing 0 "attention spool $stream/0000000000000001.seg.damaged"
has "told to people" "wuxing-01.csv" "$work/wuxing.log"
rm -- "$segment.damaged"
home_says wuxing 0
rm -- "$(home anji)"/receipts/anji-02.csv.*
cp -- "$work/wuxing-04.csv" "$(home anji)/done/stray.csv"
home_says anji 1 "wrong receipts anji-02.csv" "wrong done stray.csv"
drop anji "$work/anji-02.csv"
mv -- "$(home anji)/done/stray.csv" "$(home anji)/inbox/stray.csv"
drain anji
home_says anji 0
settled
site_says 0

note "a home that never ran"
enrol deqing
home_says deqing 0 "attention spool spool"
[[ -z $(find "$(home deqing)/spool" -mindepth 1) ]] || fail "fsck wrote something"
stop collector
