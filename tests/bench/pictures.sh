#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How many requests a second the collector answers: a picture kept, the same asked with its tag, one drawn each time, and the style
# sheet, a static file of about a picture's size, through the same server. Needs wrk.
#
#   PACEWATCH_BIN=$PWD/build/bench/bin PACEWATCH_TOOLS=$PWD/build/dev/tests PACEWATCH_ROOT=$PWD tests/bench/pictures.sh [SECONDS]
seconds=${1:-5}
set --
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/../system/lib.sh"
command -v wrk >/dev/null || { echo "no wrk on this machine (apt install wrk)"; exit 1; }

make_site
enrol wuxing
http=http://127.0.0.1:$http_port
{
    echo area,indicator,period,value,released
    for year in 2021 2022 2023; do
        for month in 01 02 03 04 05 06 07 08 09 10 11; do
            printf 'wuxing,land-freed,%s-%s,%d,2024-01-15\n' "$year" "$month" $((10#$month * 120))
        done
    done
} >"$work/values.csv"
start_collector
drop wuxing "$work/values.csv"
drain wuxing
settled

# rate PATH [HEADER]: requests a second.
rate() {
    wrk -t1 -c16 -d"${seconds}s" ${2:+-H "$2"} "$http$1" >"$work/wrk"
    ! grep -q 'Non-2xx' "$work/wrk" || grep -q 'If-None-Match' <<<"${2:-}" || { cat "$work/wrk"; fail "$1"; }
    awk '/^Requests\/sec/ { print $2 }' "$work/wrk"
}
size() { curl -sf "$http$1" | wc -c; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

css=$(curl -sf "$http/" | grep -o '/static/pacewatch.css[^"]*' | head -n 1)
static=$(rate "$css")
printf '%-42s %9s/s  %6s bytes\n' "static file" "$static" "$(size "$css")"
for path in /graph/wuxing/land-freed.svg '/graph/wuxing/land-freed.svg?size=spark' /graph/wuxing/land-freed.png; do
    picture=$(rate "$path")
    printf '%-42s %9s/s  %6s bytes  %s of the static file\n' "$path" "$picture" "$(size "$path")" "$(ratio "$picture" "$static")"
done
tag=$(curl -sfI "$http/graph/wuxing/land-freed.svg" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
printf '%-42s %9s/s\n' "the same, asked with its tag: 304" "$(rate /graph/wuxing/land-freed.svg "If-None-Match: $tag")"
stop collector
