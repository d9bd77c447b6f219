#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Who may come in: a key nobody enrolled is refused in words and let in by itself once it is; a revoked one is out; no key
# writes another's area.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

make_site
enrol wuxing deqing
start_collector

note "a home of another site, pointed at this collector: its key is not known here"
here=$site ports="$bus_port $http_port"
site="$work/other site"
make_site
enrol nanxun
site=$here
read -r bus_port http_port <<<"$ports"
nanxun=$(home nanxun)
for key in collector collector_key; do
    setting "$nanxun/agent.yaml" "$key" "$(sed -n "s/^$key: *//p" "$(home wuxing)/agent.yaml")"
done
for file in "$(home wuxing)"/keys/*; do
    case $file in *agent.*) ;; *) cp -f -- "$file" "$nanxun/keys/" ;; esac
done
printf '%s\n' area,indicator,period,value,released nanxun,land-freed,2023-05,55,2023-06-12 >"$work/nanxun.csv"
drop nanxun "$work/nanxun.csv"
start nanxun "$PACEWATCH_BIN/pacewatch-agent" "$nanxun"
wait_for 10 "the agent" grep -q 'agent started' "$work/nanxun.log"
is_refused() { (exits 4 agent "$nanxun" status && grep -qi 'refused\|not know' "$work/said"); }
wait_for 30 "the agent's status to say that its key is refused" is_refused
exits 4 agent "$nanxun" status
sed 's/^/    /' "$work/said"
[[ -z $(find "$nanxun/receipts" -name '*.csv') ]] || fail "a stranger got a receipt"
pacewatch history "$site" nanxun land-freed --format csv >"$work/history.csv"
same "a stranger's value" "" "$(csv "$work/history.csv" value)"

note "enrolled later, it connects by itself"
pacewatch enrol "$site" nanxun --key "$(find "$nanxun/keys" -name 'agent.public')" >>"$work/pacewatch.log"
has_receipt() { compgen -G "$nanxun/receipts/nanxun.csv.*.csv" >/dev/null; }
wait_for 90 "the receipt" has_receipt
same "fate" accepted "$(csv "$(receipt nanxun nanxun.csv)" fate)"
exits 0 agent "$nanxun" status
stop nanxun

note "a known key cannot write another's area, whatever its rows say"
# The agent's own check would stop these rows, so its catalogue is told that wuxing may report for deqing.
sed -i 's/wuxing;wuxing+nantaihu/wuxing;deqing;wuxing+nantaihu/' "$(home wuxing)"/catalogue/publishers.csv
printf '%s\n' area,indicator,period,value,released deqing,land-freed,2023-05,9999,2023-06-12 wuxing,land-freed,2023-05,655,2023-06-12 \
    >"$work/greedy.csv"
drop wuxing "$work/greedy.csv"
drain wuxing
answer=$(receipt wuxing greedy.csv)
same "fate of the foreign row" rejected "$(csv "$answer" fate row=2)"
same "fate of the own row" accepted "$(csv "$answer" fate row=3)"
pacewatch history "$site" deqing land-freed --format csv >"$work/history.csv"
same "a foreign value" "" "$(csv "$work/history.csv" value)"

note "revoked while connected: nothing more is taken"
start deqing "$PACEWATCH_BIN/pacewatch-agent" "$(home deqing)"
printf '%s\n' area,indicator,period,value,released deqing,land-freed,2023-05,77,2023-06-12 >"$work/first.csv"
drop deqing "$work/first.csv"
has_first() { compgen -G "$(home deqing)/receipts/first.csv.*.csv" >/dev/null; }
wait_for 30 "deqing's receipt" has_first
pacewatch publishers "$site" --format csv >"$work/publishers.csv"
key=$(csv "$work/publishers.csv" key_id publisher=deqing)
pacewatch revoke "$site" "$key" >>"$work/pacewatch.log"
printf '%s\n' area,indicator,period,value,released deqing,land-freed,2023-06,88,2023-07-12 >"$work/second.csv"
drop deqing "$work/second.csv"
is_refused() { (exits 4 agent "$(home deqing)" status && grep -qi 'refused\|revoked' "$work/said"); }
wait_for 60 "deqing's status to say that it is refused" is_refused
pacewatch history "$site" deqing land-freed --format csv >"$work/history.csv"
same "values of deqing" 77 "$(csv "$work/history.csv" value | xargs)"
stop deqing
stop collector
