#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A target changed in mid-year: past verdicts stand, later ones use the new number, the plan line of the archive shows the
# step; asked of the running collector and done at rest.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

target_on() { pacewatch verdicts "$site" --at "$1" --target f1-14-anji --format csv >"$work/v.csv" && csv "$work/v.csv" target_value; }

note "a site with a year of values"
make_site
enrol anji
{
    echo area,indicator,period,value,released
    for month in 01 02 03 04 05 06 07 08 09 10 11 12; do
        echo "anji,land-freed,2023-$month,$((10#$month * 160)),2024-01-$month"
    done
} >"$work/year.csv"
start_collector
drop anji "$work/year.csv"
drain anji
settled
same "target of June" 2000 "$(target_on 2023-06)"
same "target of December" 2000 "$(target_on 2023-12)"

note "a new edition while the collector runs: 2400 from July on"
cp -r -- "$catalogue" "$work/edition"
sed -i '/^f1-14-anji,/s/,2000,2000,/,2400,2400,/' "$work/edition/targets.csv"
exits 0 pacewatch catalogue load "$site" "$work/edition" --effective 2023-07-01 --lang en
has "what changed" "1 changed" "$work/said"
same "target of June" 2000 "$(target_on 2023-06)"
same "target of July" 2400 "$(target_on 2023-07)"
same "what was known in May 2023 is judged by the old number" 2000 \
    "$(pacewatch targets "$site" --as-of 2023-05-31 --format csv >"$work/t.csv" && csv "$work/t.csv" value target=f1-14-anji)"

note "the archive's target line steps on the first of July"
archive=$site/rrd/$(csv "$site/rrd/series.csv" archive area=anji indicator=land-freed)
target_day() { rrdtool fetch "$archive" AVERAGE -s "$1" -e "$1" | awk -v want="$(date -ud "$1 +1 day" +%s):" '$1 == want { print $4 + 0 }'; }
stepped() { [[ $(target_day 20230701) == 2400 ]]; }
wait_for 20 "the projector to draw the new target" stepped
same "30 June" 2000 "$(target_day 20230630)"

note "again the same edition: nothing changes; a bad one is refused and changes nothing"
exits 0 pacewatch catalogue load "$site" "$work/edition" --effective 2023-10-01 --lang en
has "nothing new" "0 changed" "$work/said"
sed -i '/^f1-14-anji,/s/,2400,2400,/,2400,viel,/' "$work/edition/targets.csv"
exits 1 pacewatch catalogue load "$site" "$work/edition" --effective 2023-10-01
has "names its place" "targets.csv line" "$work/said"
same "target of July" 2400 "$(target_on 2023-07)"
stop collector

note "at rest, under the site's lock"
sed -i '/^f1-14-anji,/s/,2400,viel,/,2600,2600,/' "$work/edition/targets.csv"
exits 0 pacewatch catalogue load "$site" "$work/edition" --effective 2023-11-01 --lang en
same "target of October" 2400 "$(target_on 2023-10)"
same "target of November" 2600 "$(target_on 2023-11)"
exits 2 pacewatch catalogue load "$site" "$work/edition"

note "bands: from their day on, and only then; tried before by replay"
level_on() { pacewatch verdicts "$site" --at "$1" --target f1-14-anji --format csv >"$work/v.csv" && csv "$work/v.csv" level; }
same "level of August" warn "$(level_on 2023-08)"
cp -r -- "$catalogue" "$work/lenient"
cp -- "$work/edition/targets.csv" "$work/lenient/"
sed -i '/^pace,/s/0.95,0.85,0.60,0.97,0.88,0.65/0.70,0.60,0.50,0.70,0.60,0.50/' "$work/lenient/bands.csv"
exits 0 pacewatch replay "$site" --format csv
warnings() { grep -cE ",f1-14-anji,.*,(warn|severe)," "$work/said" || true; }
((0 < $(warnings))) || fail "no warning by the bands in force"
exits 0 pacewatch replay "$site" --catalogue "$work/lenient" --format csv
same "warnings by those to be tried" 0 "$(warnings)"
exits 0 pacewatch catalogue diff "$site/catalogue" "$work/lenient" --lang en
has "in words" "bands pace (pace ratio): normal from 0.95 -> 0.7" "$work/said"
exits 0 pacewatch catalogue load "$site" "$work/lenient" --effective 2023-09-01 --lang en
has "what changed" "1 bands changed" "$work/said"
same "level of August stands" warn "$(level_on 2023-08)"
same "level of September" normal "$(level_on 2023-09)"

note "a profile under its old id is refused"
sed -i '/^start-rate,/s/6:65/6:60/' "$work/lenient/profiles.csv"
exits 1 pacewatch catalogue load "$site" "$work/lenient" --effective 2023-10-01 --lang en
has "names it" "profiles.csv: column points of 'start-rate' says 3:30;6:60;9:85;12:100" "$work/said"
cp -- "$catalogue/profiles.csv" "$work/lenient/"
sed -i '/^land-freed,/s/,up,/,down,/' "$work/lenient/indicators.csv"
exits 1 pacewatch catalogue load "$site" "$work/lenient" --effective 2023-10-01 --lang en
has "names it" "indicators.csv: column direction of 'land-freed' says down, and up in the site" "$work/said"

note "a copy of the site's own catalogue, with its versions, changes nothing"
cp -r -- "$site/catalogue" "$work/own"
exits 0 pacewatch catalogue diff "$site/catalogue" "$work/own" --lang en
has "no difference" "no difference" "$work/said"
exits 0 pacewatch catalogue load "$site" "$work/own" --effective 2024-01-01 --lang en
has "nothing changed" " 0 changed, 0 added" "$work/said"
has "no bands either" "0 bands changed" "$work/said"
same "target of November" 2600 "$(target_on 2023-11)"

note "an edition against the site: newest with newest; what it may leave out stays"
rm -- "$work/edition/bands.csv" "$work/edition/holidays.csv"
exits 0 pacewatch catalogue diff "$site/catalogue" "$work/edition" --lang en
same "nothing is removed" 0 "$(grep -c removed "$work/said" || true)"
exits 0 pacewatch catalogue load "$site" "$work/edition" --effective 2024-02-01 --lang en
[[ -s $site/catalogue/holidays.csv && -s $site/catalogue/bands.csv ]] || fail "tables were dropped"

note "what is refused says why, and leaves nothing behind"
sed -i '/^f1-14-anji,/s/,2600,2600,/,2700,2700,/' "$work/edition/targets.csv"
exits 1 pacewatch catalogue load "$site" "$work/edition" --effective 2023-06-01 --lang en
has "the day" "'f1-14-anji' changes, and the site has a version of it from 2023-11-01 on" "$work/said"
cp -- "$catalogue/bands.csv" "$work/edition/"
sed -i '1s/needed_pace/need_pace/' "$work/edition/bands.csv"
exits 1 pacewatch catalogue check "$work/edition" --lang en
has "the column" "bands.csv: there is no column 'need_pace'" "$work/said"
[[ ! -e $site/catalogue.new ]] || fail "catalogue.new is left"

note "an alert that is open is seen to its end, though its target raises no more"
open_alerts() { pacewatch alerts "$site" --open --format csv | grep -c ",f1-14-anji," || true; }
same "one is open" 1 "$(open_alerts)"
cp -r -- "$catalogue" "$work/quiet"
cp -- "$site/catalogue/bands.csv" "$work/quiet/"
sed -i '/^f1-14-anji,/s/,issued,yes,/,issued,no,/' "$work/quiet/targets.csv"
exits 0 pacewatch catalogue load "$site" "$work/quiet" --effective 2024-03-01 --lang en
start_collector
printf 'area,indicator,period,value,released\nanji,land-freed,2023-12,9000,2024-04-01\n' >"$work/late.csv"
drop anji "$work/late.csv"
drain anji
settled
same "none is open" 0 "$(open_alerts)"
stop collector
