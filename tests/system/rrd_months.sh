#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Any user of rrdtool reads our archives rightly: a month's value stands on exactly that month's days, a month without a
# value is unknown, a revised value has replaced the first, and a deleted archive comes back to the byte.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

make_site
enrol wuxing
cat >"$work/year.csv" <<'FEED'
area,indicator,period,value,released
wuxing,iva-growth,2022-11,5.1,2022-12-12
wuxing,iva-growth,2022-12,5.3,2023-01-12
wuxing,iva-growth,2023-02,3.7,2023-03-12
wuxing,iva-growth,2023-03,4.1,2023-04-12
wuxing,iva-growth,2023-05,4.6,2023-06-12
wuxing,iva-growth,2023-05,4.5,2023-06-20
FEED
start_collector
drop wuxing "$work/year.csv"
drain wuxing
settled
same "fates" "accepted accepted as a revision" "$(csv "$(receipt wuxing year.csv)" fate | sort -u | xargs)"
mapfile -t archives < <(find "$site/rrd" -name '*.rrd')
same "archives" 1 "${#archives[@]}"
archive=${archives[0]}

# days FROM TO: one line "YYYY-MM-DD value" per day, both days included. A row is stamped with the end of its day; without
# the last second rrdtool would add a day.
days() {
    local from to
    from=$(date -u -d "$1" +%s)
    to=$(($(date -u -d "$2" +%s) + 86400 - 1))
    rrdtool fetch "$archive" AVERAGE -s "$from" -e "$to" | awk '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == "value") column = i + 1 }
        /^[0-9]+:/ { sub(":", "", $1); print $1 - 86400, $column }' |
        while read -r at value; do printf '%s %s\n' "$(date -u -d "@$at" +%F)" "$value"; done
}

# month YYYY-MM DAYS VALUE
month() {
    local first=$1-01 last
    last=$(date -u -d "$first +1 month -1 day" +%F)
    days "$first" "$last" >"$work/days"
    same "rows of $1" "$2" "$(wc -l <"$work/days")"
    same "first day of $1" "$first" "$(head -n 1 "$work/days" | cut -d' ' -f1)"
    same "last day of $1" "$last" "$(tail -n 1 "$work/days" | cut -d' ' -f1)"
    same "values of $1" "$3" "$(cut -d' ' -f2 "$work/days" | awk '{ print tolower($1) ~ /nan/ ? "unknown" : $1 + 0 }' | sort -u | xargs)"
    note "$1: $2 days, $3"
}

month 2022-10 31 unknown
month 2022-11 30 5.1
month 2022-12 31 5.3
month 2023-01 31 unknown
month 2023-02 28 3.7
month 2023-03 31 4.1
month 2023-04 30 unknown
month 2023-05 31 4.5
month 2023-06 30 unknown

note "the archive is a drawing of the ledger: deleted, it comes back to the byte"
sum=$(sha256sum <"$archive")
stop collector
rm -f -- "$archive"
pacewatch rebuild "$site" >>"$work/pacewatch.log"
start_collector
settled
same "the archive's bytes" "$sum" "$(sha256sum <"$archive")"
stop collector
