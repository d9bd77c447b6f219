#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Real revisions, through agent and collector. Three vintages of Eurostat's production index: as of the day of each, the ledger says
# exactly what that vintage said, digit for digit, values withdrawn included; the same whatever order the vintages arrive in. And the
# retail trade of eight Australian states, 20 indicators, up to 441 months: in and out exactly.
#
# The figures are not in this repository: PACEWATCH_SHARED, else ../shared/data beside the sources. Without them: skipped (77).
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

data=${PACEWATCH_SHARED:-$PACEWATCH_ROOT/../shared/data}
europe=$data/eu_countries_ipi_vintages.csv
australia=$data/au_states_retail.csv
for file in "$europe" "$australia"; do
    [[ -r $file ]] && continue
    printf 'SKIPPED: no figures: %s is not there (set PACEWATCH_SHARED to their folder)\n' "$file"
    exit 77
done

# make_catalogue FOLDER PUBLISHER INDICATORS AREAS: one line "id,name" each; monthly figures of one publisher, without targets.
make_catalogue() {
    local folder=$1 publisher=$2 indicators=$3 areas=$4
    mkdir -p -- "$folder"
    { echo "id,name,name_en,kind,parent,members,numbers,aliases"
      awk -F, '{ print $1 "," $2 "," $2 ",city,,,yes," }' "$areas"; } >"$folder/areas.csv"
    { echo "id,name,name_en,frequency,months,due_day"
      echo "monthly,月报,monthly,M,1;2;3;4;5;6;7;8;9;10;11;12,20"; } >"$folder/calendars.csv"
    { echo "id,name,name_en,unit,kind,cumulation,calendar,direction,decimals,decomposition,category,sort,aliases"
      awk -F'\t' '{ print $1 ",\"" $2 "\",\"" $2 "\",unit,V,MONTH,monthly,up,1,NONE,a," NR "," }' "$indicators"; } >"$folder/indicators.csv"
    { echo "id,name,name_en,aliases"; echo "office,office,office,"; } >"$folder/owners.csv"
    { echo "id,name,name_en,kind,areas,via"
      echo "$publisher,$publisher,$publisher,official,$(cut -d, -f1 "$areas" | paste -sd';'),"; } >"$folder/publishers.csv"
    { echo "id,name,name_en,family,factor,decimals"; echo "unit,单位,unit,unit,1,1"; } >"$folder/units.csv"
    echo "id,source,area,indicator,year,text,value,unit,comparator,reference,offset,method,status,primary,owner,lead,accountable,wording,note" >"$folder/targets.csv"
    pacewatch catalogue check "$folder" --lang en >"$work/check.out" || fail "the catalogue is not right: $(cat "$work/check.out")"
}

# ---- Europe ----

awk -F, 'NR > 1 { id = tolower($2); gsub("_", "-", id); print id "," $2 }' "$europe" | sort -u >"$work/countries"
printf 'ipi\tManufacturing output index\n' >"$work/ipi"
make_catalogue "$work/europe" eurostat "$work/ipi" "$work/countries"
mapfile -t vintages < <(awk -F, 'NR > 1 { print $1 }' "$europe" | sort -u)
same "vintages" 3 "${#vintages[@]}"
for vintage in "${vintages[@]}"; do
    awk -F, -v vintage="$vintage" '
        BEGIN { print "area,indicator,period,value,released,note" }
        NR > 1 && $1 == vintage { print $2 ",ipi," $3 "," $4 "," $1 ",vintage of " $1 }' "$europe" >"$work/$vintage.csv"
done

# said DAY: what the vintages up to DAY said, "country,period,value", values withdrawn left out.
said() {
    awk -F, -v day="$1" '
        NR > 1 && $1 <= day { key = tolower($2) "," $3; gsub("_", "-", key); if (!(key in at) || $1 >= at[key]) { at[key] = $1; value[key] = $4 } }
        END { for (key in value) if (value[key] != "") print key "," value[key] }' "$europe" | sort
}

# known OPTION...: what the ledger says.
known() {
    local country
    cut -d, -f1 "$work/countries" | while read -r country; do
        pacewatch history "$site" "$country" ipi "$@" --format csv | awk -F, -v country="$country" 'NR > 1 && $2 != "" { print country "," $1 "," $2 }'
    done | sort
}

# feed SITE VINTAGE...: sends the vintages in this order, and compares the state as of each with the vintage.
feed() {
    local vintage
    site=$work/$1
    shift
    catalogue=$work/europe
    make_site
    rm -rf -- "$(home eurostat)"
    enrol eurostat
    start_collector
    for vintage; do
        drop eurostat "$work/$vintage.csv"
        drain eurostat 120
        same "rows of $vintage not accepted" "" "$(csv "$(receipt eurostat "$vintage.csv")" fate | grep -v '^accepted' || true)"
        rm -f -- "$(home eurostat)"/receipts/*
    done
    settled 120
    stop collector
    for vintage in 1990-01-01 2018-11-29 "${vintages[@]}" 2099-01-01; do
        said "$vintage" >"$work/want"
        known --as-of "$vintage" >"$work/got"
        cmp -s "$work/want" "$work/got" || fail "as of $vintage the ledger differs: $(diff "$work/want" "$work/got" | head -5)"
        note "as of $vintage: $(wc -l <"$work/want") values, the same"
    done
    said 2099-01-01 >"$work/want"
    known >"$work/got"
    cmp -s "$work/want" "$work/got" || fail "what is known now differs"
    known --vintages >"$work/$(basename -- "$site").triangle"
    exits 0 pacewatch fsck "$site" --lang en
}

note "in order"
feed in-order "${vintages[@]}"
note "the newest first, the oldest last"
feed reversed "${vintages[2]}" "${vintages[1]}" "${vintages[0]}"
cmp "$work/in-order.triangle" "$work/reversed.triangle" || fail "the revision triangle depends on the order of arrival"
site=$work/reversed
withdrawn=$(pacewatch history "$site" eu28 ipi --vintages --format csv | awk -F, '$2 == "" && $3 == "O"' | wc -l)
((withdrawn > 300)) || fail "the withdrawn values of EU28 are no rows of their own: $withdrawn"

note "revision statistics: as computed here from the file"
pacewatch revisions "$site" --format csv >"$work/revisions.csv"
awk -F, '
    function days(d, y, m) { split(d, at, "-"); y = at[1]; m = at[2]; if (m < 3) { y--; m += 12 } return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m - 457) / 5) + at[3] }
    NR > 1 { key = $2 "," $3; n[key]++; day[key, n[key]] = days($1); value[key, n[key]] = $4 }
    END {
        for (key in n) {
            if (value[key, 1] == "") continue
            last = 1
            while (last < n[key] && day[key, last + 1] <= day[key, 1] + 365) last++
            if (value[key, last] == "") continue
            count++
            revision = value[key, last] - value[key, 1]
            revised += revision != 0
            sum += revision
            absolute += revision < 0 ? -revision : revision
        }
        printf "%d %d %.3f %.3f\n", count, revised, sum / count, absolute / count
    }' "$europe" >"$work/want"
read -r count revised mean absolute <"$work/want"
same "periods a year old" "$count" "$(csv "$work/revisions.csv" periods months=12)"
same "of them revised" "$revised" "$(csv "$work/revisions.csv" revised months=12)"
same "mean revision" "$mean" "$(csv "$work/revisions.csv" mean months=12 | awk '{ printf "%.3f", $1 }')"
same "mean absolute revision" "$absolute" "$(csv "$work/revisions.csv" mean_absolute months=12 | awk '{ printf "%.3f", $1 }')"

# ---- Australia ----

note "retail trade in Australia"
awk -F, 'NR > 1 && !seen[$1]++ { id = tolower($1); gsub(" ", "-", id); print id "," $1 }' "$australia" >"$work/states"
head -n 1 "$australia" | awk '{
    while (match($0, /"[^"]*"|[^",][^,]*/)) { cell = substr($0, RSTART, RLENGTH); gsub("\"", "", cell)
        if (++n > 2) printf "retail-%02d\t%s\n", n - 2, cell
        $0 = substr($0, RSTART + RLENGTH) } }' >"$work/trades"
same "kinds of trade" 20 "$(wc -l <"$work/trades")"
make_catalogue "$work/australia" abs "$work/trades" "$work/states"
awk -F, '
    NR > 1 { for (i = 3; i <= NF; i++) if ($i != "") { id = tolower($1); gsub(" ", "-", id); printf "%s,retail-%02d,%s,%s\n", id, i - 2, $2, $i } }' "$australia" | sort >"$work/want"
{ echo "area,indicator,period,value"; shuf --random-source="$australia" "$work/want"; } >"$work/retail.csv"
site=$work/retail
catalogue=$work/australia
make_site
enrol abs
start_collector
drop abs "$work/retail.csv"
drain abs 300
settled 300
stop collector
while IFS=, read -r state _; do
    while IFS=$'\t' read -r trade _; do
        pacewatch history "$site" "$state" "$trade" --format csv | awk -F, -v key="$state,$trade" 'NR > 1 { print key "," $1 "," $2 }'
    done <"$work/trades"
done <"$work/states" | sort >"$work/got"
note "$(wc -l <"$work/want") values"
cmp "$work/want" "$work/got" || fail "what came out is not what went in"
