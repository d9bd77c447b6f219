#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What keeps a site from working, brought about one by one: doctor names each, and is content before and after.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

# doctor CODE [COMMAND...]: examines the site; what it says is in $work/doctor.csv.
doctor() {
    local want=$1 got=0
    shift
    "${@:-pacewatch}" doctor "$site" --format csv --lang en >"$work/doctor.csv" 2>"$work/said" || got=$?
    ((got == want)) || { cat "$work/doctor.csv" "$work/said"; fail "doctor ended with $got instead of $want"; }
}

# says WEIGHT CHECK [WORDS]: of the last examination.
says() {
    same "doctor on $2" "$1" "$(csv "$work/doctor.csv" weight check="$2" | xargs)"
    [[ ! ${3:-} ]] || [[ $(csv "$work/doctor.csv" finding check="$2") == *"$3"* ]] || { cat "$work/doctor.csv"; fail "$2: not '$3'"; }
}

make_site
enrol wuxing

note "at rest"
doctor 0
says ok site
says attention collector "no collector runs"
says ok agents_port "the port is free"
says ok pages_port "the port is free"
says ok keys
says ok ledger
says ok file_system
says ok worker
says attention archives "to be rebuilt"
says attention agents "never brought anything"
says attention backup
[[ ! -e $site/control.sock ]] || fail "doctor left something behind"

note "at work; the limit is the collector's own"
start collector prlimit --nofile=600 "$PACEWATCH_BIN/pacewatch-collector" "$site"
wait_for 30 "the collector to be ready" is_ready_or_dead
printf 'area,indicator,period,value,released\nwuxing,land-freed,2023-05,500,2023-06-12\n' >"$work/may.csv"
drop wuxing "$work/may.csv"
drain wuxing
settled
exits 0 pacewatch backup "$site" "$work/backup"
doctor 0
says ok collector
says ok agents_port "it answers"
says ok pages_port "it answers"
says attention descriptors "600 file descriptors"
says ok ledger "1 rows, 1 files"
says ok archives
says ok judge
says ok agents "1 agents"
says ok backup

note "somebody else has the ports: a copy of the site beside it"
cp -r -- "$site" "$work/copy"
original=$site
site=$work/copy
doctor 1
says wrong agents_port "cannot listen"
says wrong pages_port "cannot listen"
site=$original
stop collector

note "keys that others can read, a ledger with holes, a worker that is not there, no Chinese font, a site that is none"
chmod 0644 "$site/keys/collector.secret"
doctor 1
says wrong keys
chmod 0400 "$site/keys/collector.secret"
cp -- "$site/ledger.db" "$work/ledger.db"
dd if=/dev/zero of="$site/ledger.db" bs=1024 seek=13 count=3 conv=notrunc status=none
doctor 1
says wrong ledger "the ledger cannot be used"
cp -- "$work/ledger.db" "$site/ledger.db"
mkdir -- "$work/alone"
cp -- "$PACEWATCH_BIN/pacewatch" "$work/alone"
doctor 1 "$work/alone/pacewatch"
says wrong worker "cannot be run"
if command -v fc-list >/dev/null; then
    printf '<fontconfig></fontconfig>' >"$work/no-fonts.conf"
    doctor 1 env FONTCONFIG_FILE="$work/no-fonts.conf" "$PACEWATCH_BIN/pacewatch"
    says wrong fonts
fi
printf 'language: klingon\n' >>"$work/copy/pacewatch.yaml"
site=$work/copy
doctor 1
says wrong site "the site cannot be opened"
site=$original
doctor 0

note "a second entrance"
read -r other_port < <("$PACEWATCH_TOOLS/free_ports" 1)
setting "$site/pacewatch.yaml" listen_next "tcp://127.0.0.1:$other_port"
doctor 0
says "ok ok" agents_port
