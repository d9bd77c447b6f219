#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The demonstration, with a late value, a confirmation and a correction added, exported in every format and imported into new
# sites: every series with all its revisions, every verdict and every alert is there as it was.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"
export PACEWATCH_BIN

read -r http_port < <("$PACEWATCH_TOOLS/free_ports" 1)
exits 0 "$PACEWATCH_ROOT/start" --site "$site" --once --port "$http_port"

home_of_wuxing=$site.agents/wuxing

# told NAME RELEASED VALUE NOTE: 吴兴 sends a file with one value of a month of the demo.
told() {
    printf 'area,indicator,period,value,released,note\nwuxing,land-freed,2023-05,%s,%s,"%s"\n' "$3" "$2" "$4" \
        >"$home_of_wuxing/inbox/$1"
    "$PACEWATCH_BIN/pacewatch-agent" "$home_of_wuxing" --drain >>"$work/agent.log" 2>&1
}

note "revisions: a value, confirmed, another of a day between, and a correction"
start_collector
told one.csv 2023-07-01 4321.0 '=口径调整, ""revised""'
told two.csv 2023-07-20 4321.0 'as before'
told three.csv 2023-07-10 4444 "late; 'quoted'"
settled
exits 1 pacewatch import "$site" "$catalogue/areas.csv" --lang en
has "the collector runs" "is in use by a running collector: stop it, then import" "$work/said"
pacewatch export "$site" --output "$work/running.csv" >/dev/null # a reader: it may run
stop collector

# seen SITE FOLDER: what a reader sees of it.
seen() {
    mkdir -p "$2"
    tail -n +2 "$catalogue/areas.csv" | cut -d, -f1 | while IFS= read -r area; do
        cut -d, -f2 "$work/series" | sort -u | while IFS= read -r indicator; do
            grep -qxF "$area,$indicator" "$work/series" || continue
            pacewatch history "$1" "$area" "$indicator" --vintages --format csv >>"$2/history"
        done
    done
    pacewatch history "$1" wuxing land-freed --as-of 2023-07-15 --format csv >"$2/as_of"
    pacewatch verdicts "$1" --at 2023-06 --format csv >"$2/verdicts"
    pacewatch targets "$1" --format csv >"$2/targets"
}

note "exported in every format"
for format in csv sdmx-csv json xlsx; do
    exits 0 pacewatch export "$site" --format "$format" --output "$work/export.$format"
done
pacewatch export "$site" --format csv >"$work/piped.csv"
cmp "$work/export.csv" "$work/piped.csv" || fail "to a file and to a pipe: not the same"
cmp "$work/export.csv" "$work/running.csv" || fail "the export of the running site differs"
for kind in observation confirmation restated; do
    (($(csv "$work/export.csv" position "record=$kind" | wc -l) > 0)) || fail "no $kind in the export"
done
has "a formula is harmless" ",\"'=口径调整, \"\"revised\"\"\"," "$work/export.csv"
exits 2 pacewatch export "$site" --format xlsx
exits 2 pacewatch export "$site" --format table
pacewatch export "$site" --latest --area wuxing --indicator land-freed --as-of 2023-07-15 --format csv >"$work/latest.csv"
same "in force on that day" 4444 "$(csv "$work/latest.csv" value period=2023-05)"

# The demo's many series are read one in seven, and ours.
csv "$work/export.csv" '*' | cut -d, -f1,2 | sort -u | awk 'NR % 7 == 0 || /^wuxing,land-freed$/' >"$work/series"
seen "$site" "$work/seen"
(($(wc -l <"$work/seen/history") > 500)) || fail "too few values to compare"

note "imported into new sites: the same record"
for format in csv sdmx-csv json xlsx; do
    new=$work/$format.site
    pacewatch init "$new" --catalogue "$catalogue" --listen tcp://127.0.0.1:1 --http-port 0 >>"$work/pacewatch.log"
    exits 0 pacewatch import "$new" "$work/export.$format" --format "$format" --lang en
    exits 0 pacewatch fsck "$new"
    pacewatch export "$new" --format csv >"$work/again.csv"
    cmp "$work/export.csv" "$work/again.csv" || fail "$format: not the same record"
done
seen "$work/xlsx.site" "$work/seen.again"
diff -r "$work/seen" "$work/seen.again" || fail "a reader sees other values"
exits 1 pacewatch import "$work/csv.site" "$work/export.csv" --lang en
has "it has records" "and an import is for an empty one" "$work/said"

note "a selection is none to import, and nothing is written"
pacewatch init "$work/empty" --catalogue "$catalogue" >>"$work/pacewatch.log"
exits 1 pacewatch import "$work/empty" "$work/latest.csv" --lang en
has "why" "only a whole export can be imported" "$work/said"
has "where" "line 2, position" "$work/said"
same "position" 0 "$(pacewatch export "$work/empty" --format csv | tail -n +2 | wc -l)"

note "the judge works out the same alerts when the collector starts"
pacewatch alerts "$site" --format csv >"$work/alerts.csv"
site=$work/json.site
read -r bus_port http_port < <("$PACEWATCH_TOOLS/free_ports" 2 | xargs)
setting "$site/pacewatch.yaml" listen "tcp://127.0.0.1:$bus_port"
setting "$site/pacewatch.yaml" http.port "$http_port"
start_collector
settled 120
exits 0 pacewatch fsck "$site"
pacewatch alerts "$site" --format csv >"$work/alerts.again.csv"
(($(wc -l <"$work/alerts.csv") > 5)) || fail "the demo has hardly an alert"
without_id() { cut -d, -f2- "$1" | sort; }
diff <(without_id "$work/alerts.csv") <(without_id "$work/alerts.again.csv") || fail "other alerts"

note "an agent that sends again what it still holds adds nothing"
exits 0 pacewatch enrol "$site" wuxing --key "$home_of_wuxing/keys/agent.public"
setting "$home_of_wuxing/agent.yaml" collector "\"tcp://127.0.0.1:$bus_port\""
setting "$home_of_wuxing/agent.yaml" collector_key "\"$(tr -d '\n' <"$site/keys/collector.public")\""
printf 'area,indicator,period,value,released\nwuxing,land-freed,2023-04,999999,2023-07-01\n' >"$home_of_wuxing/inbox/new.csv"
"$PACEWATCH_BIN/pacewatch-agent" "$home_of_wuxing" --drain >>"$work/agent.log" 2>&1
settled 120
pacewatch export "$site" --format csv >"$work/after.csv"
head -n -1 "$work/after.csv" | cmp - "$work/export.csv" || fail "more than the new row was added"
has "the new row" "wuxing,land-freed,2023-04,999999," "$work/after.csv"
page 200 /metrics "$work/metrics"
sent=$(grep -o '^pacewatch_records_total{publisher="wuxing"} [0-9]*' "$work/metrics" | cut -d' ' -f2)
imported=$(csv "$work/export.csv" position sender=wuxing | wc -l)
((sent > imported * 2)) || fail "the agent did not send its records again: $sent in all, $imported were imported"
exits 0 pacewatch fsck "$site"
stop collector
