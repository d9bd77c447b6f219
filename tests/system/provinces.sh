#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Another catalogue, another subject, the same programs: investment in real estate of 31 provinces, as the National Bureau of
# Statistics published it for 36 months. Every published value is in the ledger as it was printed, nothing else is, and every
# target gets a verdict with a reason.
#
# The figures are not in this repository: PACEWATCH_SHARED, else ../shared/data beside the sources. Without them: skipped (77).
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

figures=${PACEWATCH_SHARED:-$PACEWATCH_ROOT/../shared/data}/cn_provinces_realestate_ytd.csv
if [[ ! -r $figures ]]; then
    printf 'SKIPPED: no figures: %s is not there (set PACEWATCH_SHARED to their folder)\n' "$figures"
    exit 77
fi
catalogue=$PACEWATCH_ROOT/tests/data/provinces
pacewatch catalogue check "$catalogue" --lang en >"$work/check.out"
has "the catalogue is right" "ok: 32 areas, 2 units, 1 owners, 1 calendars, 0 holidays, 4 indicators, 0 profiles, 0 bands, 124 targets" "$work/check.out"
pacewatch catalogue consistency "$catalogue" --format csv >"$work/consistency.csv"
same "contradictions" 0 "$(($(wc -l <"$work/consistency.csv") - 1))"

# As the clerk has it: printed names with their brackets; released on the 18th of the following month; no row without a value.
awk -F, '
    BEGIN { print "area,indicator,period,value,released" }
    NR > 1 && $4 != "" {
        split($3, month, "-")
        next_month = month[2] % 12 + 1
        printf "%s,%s,%s,%s,%04d-%02d-18\n", $1, $2, $3, $4, month[1] + (next_month == 1), next_month
    }' "$figures" >"$work/feed.csv"
samples=$(($(wc -l <"$work/feed.csv") - 1))
note "$samples values"
((samples > 4000)) || fail "that is not the file we know"

make_site
enrol nbs
start_collector
drop nbs "$work/feed.csv"
drain nbs 120
settled 120
answer=$(receipt nbs feed.csv)
same "fates" accepted "$(csv "$answer" fate | sort -u)"
same "rows answered for" "$samples" "$(csv "$answer" row | wc -l)"

note "the ledger holds the values as printed, and no others"
while IFS=, read -r area name _; do
    [[ $area != id && $area != china ]] || continue
    while IFS=, read -r indicator _ _ _ _ _ _ _ _ _ _ _ alias; do
        [[ $indicator != id ]] || continue
        pacewatch history "$site" "$area" "$indicator" --vintages --format csv >"$work/history.csv"
        csv "$work/history.csv" '*' | awk -F, -v name="$name,$alias" '{ print name "," $1 "," $2 }'
    done <"$catalogue/indicators.csv"
done <"$catalogue/areas.csv" | sort >"$work/kept"
awk -F, 'NR > 1 { print $1 "," $2 "," $3 "," $4 }' "$work/feed.csv" | sort >"$work/sent"
same "rows in the ledger" "$samples" "$(wc -l <"$work/kept")"
cmp "$work/sent" "$work/kept" || fail "the ledger differs from the file"
pacewatch history "$site" china investment --format csv >"$work/history.csv"
same "nothing for the country" "" "$(csv "$work/history.csv" value)"
pacewatch history "$site" tibet housing-growth --format csv >"$work/history.csv"
same "Tibet, a month without a value" "" "$(csv "$work/history.csv" value period=2019-02)"
march=$(awk -F, '$1 == "西藏自治区" && $2 == "房地产住宅投资累计增长(%)" && $3 == "2019-03" { print $4 }' "$figures")
same "Tibet, the month after" "$march" "$(csv "$work/history.csv" value period=2019-03)"

# judged MONTH: each target has a level and a reason, and was judged by that month's value.
judged() {
    pacewatch verdicts "$site" --at "$1" --format csv >"$work/verdicts.csv"
    same "verdicts of $1" 124 "$(csv "$work/verdicts.csv" target | sort -u | wc -l)"
    same "verdicts of $1 without a reason" 0 "$(csv "$work/verdicts.csv" reason | grep -cE '^$' || true)"
    same "levels of $1 that say nothing" "" "$(csv "$work/verdicts.csv" level | grep -vxE 'normal|remind|warn|severe|reached' || true)"
    paste -d, <(csv "$work/verdicts.csv" area) <(csv "$work/verdicts.csv" indicator) <(csv "$work/verdicts.csv" actual) |
        awk -F, -v month="$1" '
            FILENAME ~ /areas/ { area[$2] = $1; next }
            FILENAME ~ /indicators/ { indicator[$13] = $1; next }
            FILENAME ~ /sent/ { if ($3 == month) value[area[$1] "," indicator[$2]] = $4; next }
            { seen++; if (value[$1 "," $2] == "" || value[$1 "," $2] + 0 != $3 + 0) { print "judged by " $3 ": " $0; bad = 1 } }
            END { exit bad || seen != 124 }' "$catalogue/areas.csv" "$catalogue/indicators.csv" "$work/sent" - ||
        fail "a verdict of $1 does not rest on that month's value"
}

note "every target has a verdict in mid-year and at the year's end"
judged 2019-06
judged 2019-12
pacewatch verdicts "$site" --at 2019-01 --format csv >"$work/verdicts.csv"
same "in January nothing is due" not_due "$(csv "$work/verdicts.csv" level | sort -u)"
pacewatch explain "$site" investment-zhejiang --at 2019-06 >"$work/explain.txt"
has "explained with the target" "$(csv "$catalogue/targets.csv" value id=investment-zhejiang)" "$work/explain.txt"
page 200 "/?lang=zh-CN" "$work/page"
has "the page names a province" 浙江省 "$work/page"
stop collector
