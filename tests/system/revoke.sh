#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Revoked while connected: the agent hears it within seconds without having sent anything, nothing more of it is taken, and with
# a new key, once that is enrolled, it goes on by itself where it stood.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

make_site
enrol wuxing deqing
start_collector
for one in wuxing deqing; do start $one "$PACEWATCH_BIN/pacewatch-agent" "$(home $one)"; done

# deliver PUBLISHER NAME PERIOD VALUE: a row, and its receipt is awaited.
deliver() {
    printf 'area,indicator,period,value,released\n%s,land-freed,%s,%s,2023-12-12\n' "$1" "$3" "$4" >"$work/$2.csv"
    drop "$1" "$work/$2.csv"
    wait_for "${5:-20}" "the receipt of $2" compgen -G "$(home "$1")/receipts/$2.csv.*.csv"
}
says() { { agent "$(home "$1")" status --format csv || true; } | grep "^$2,.*$3" >/dev/null; }
key_of() {
    pacewatch publishers "$site" --format csv >"$work/publishers.csv"
    csv "$work/publishers.csv" key_id publisher="$1" revoked= | tail -n 1
}
values() {
    pacewatch history "$site" "$1" land-freed --format csv >"$work/history.csv"
    csv "$work/history.csv" value | xargs
}

deliver deqing first 2023-05 77
deliver wuxing wuxing-first 2023-05 655

note "an idle agent hears of it within 5 s"
old=$(key_of deqing)
pacewatch revoke "$site" "$old" >>"$work/pacewatch.log"
wait_for 5 "deqing's status to say that it is refused" says deqing words "revoked"
exits 4 agent "$(home deqing)" status
has "what the collector says of it" "out, and told so: key=$old" "$work/collector.log"

note "nothing more of it is taken; the other district goes on"
printf '%s\n' area,indicator,period,value,released deqing,land-freed,2023-06,88,2023-12-12 >"$work/second.csv"
drop deqing "$work/second.csv"
deliver wuxing wuxing-second 2023-06 700
same "values of deqing" 77 "$(values deqing)"
says deqing words revoked || fail "deqing does not say any more that it is refused"

note "the same key cannot be enrolled again, neither for it nor for another"
for one in deqing anji; do
    exits 1 pacewatch enrol "$site" $one --key "$(home deqing)/keys/agent.public"
done
has "why not" 'is enrolled already' "$work/said"

note "a stranger until its new key is enrolled, then it connects by itself and goes on"
stop deqing
rm -f -- "$(home deqing)"/keys/agent.*
start deqing "$PACEWATCH_BIN/pacewatch-agent" "$(home deqing)"
wait_for 20 "deqing's status to say that its key is not known" says deqing link "does not know"
pacewatch enrol "$site" deqing --key "$(home deqing)/keys/agent.public" >>"$work/pacewatch.log"
wait_for 60 "the receipt of second" compgen -G "$(home deqing)/receipts/second.csv.*.csv"
same "values of deqing" "77 88" "$(values deqing)"
stop deqing
stop wuxing
stop collector

note "keys that everybody has, and secrets that others may read, are refused"
exits 1 pacewatch enrol "$site" anji --key 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7'
has "why" "everybody has its secret" "$work/said"
chmod 440 "$(home deqing)/keys/agent.secret" "$site/keys/collector.secret"
exits 1 agent "$(home deqing)"
has "why" "others may read this secret" "$work/said"
exits 1 "$PACEWATCH_BIN/pacewatch-collector" "$site"
has "why" "others may read this secret" "$work/said"
chmod 400 "$(home deqing)/keys/agent.secret" "$site/keys/collector.secret"
chmod 755 "$(home deqing)/keys" "$site/keys"
exits 1 agent "$(home deqing)"
has "why" "others may reach into this folder of keys" "$work/said"
exits 1 "$PACEWATCH_BIN/pacewatch-collector" "$site"
has "why" "others may reach into this folder of keys" "$work/said"
