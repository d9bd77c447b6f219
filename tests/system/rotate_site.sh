#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The collector's own key is changed while agents work: a second endpoint with the next key, agents that come over one by one,
# and the next key in the place of the one before. Who was not told is told by its status.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

make_site
read -r next_port < <("$PACEWATCH_TOOLS/free_ports" 1)
enrol wuxing deqing anji
start_collector
for one in wuxing deqing anji; do start $one "$PACEWATCH_BIN/pacewatch-agent" "$(home $one)"; done

# deliver PUBLISHER NAME PERIOD VALUE: a row, and its receipt is awaited.
deliver() {
    printf 'area,indicator,period,value,released\n%s,land-freed,%s,%s,2023-12-12\n' "$1" "$3" "$4" >"$work/$2.csv"
    drop "$1" "$work/$2.csv"
    wait_for 60 "the receipt of $2" compgen -G "$(home "$1")/receipts/$2.csv.*.csv"
}
came_over() {
    pacewatch publishers "$site" --format csv >"$work/publishers.csv"
    [[ $(csv "$work/publishers.csv" came_over publisher="$1") ]]
}
deliver wuxing wuxing-1 2023-04 500

note "the next key is made once, and the steps are told"
exits 0 pacewatch rotate "$site" --lang en
has "the steps" "Set listen_next" "$work/said"
next=$(cat -- "$site/keys/collector.next.public")
has "the key" "next_collector_key: \"$next\"" "$work/said"
exits 0 pacewatch rotate "$site" --lang en
has "the same key" "next_collector_key: \"$next\"" "$work/said"
exits 2 pacewatch rotate "$site" begin

note "agents come over one by one, whoever has not goes on as before"
stop collector
setting "$site/pacewatch.yaml" listen_next "\"tcp://127.0.0.1:$next_port\""
start_collector
printf 'next_collector: "tcp://127.0.0.1:%s"\nnext_collector_key: "%s"\n' "$next_port" "$next" >>"$(home wuxing)/agent.yaml"
kill -HUP "${pid[wuxing]}"
wait_for 30 "wuxing to come over" came_over wuxing
has "what the collector says" "came over to the collector's next key: publisher=wuxing" "$work/collector.log"
deliver wuxing wuxing-2 2023-05 655
deliver deqing deqing-1 2023-05 77
! came_over deqing || fail "deqing came over, though nobody told it where"

note "told before the endpoint is there, an agent works at the old one and comes over when it opens"
stop collector
setting "$site/pacewatch.yaml" listen_next '""'
start_collector
printf 'next_collector: "tcp://127.0.0.1:%s"\nnext_collector_key: "%s"\n' "$next_port" "$next" >>"$(home deqing)/agent.yaml"
kill -HUP "${pid[deqing]}"
deliver deqing deqing-2 2023-06 88
deliver wuxing wuxing-3 2023-06 700 # it finds its way back as well
stop collector
setting "$site/pacewatch.yaml" listen_next "\"tcp://127.0.0.1:$next_port\""
start_collector
wait_for 30 "deqing to come over" came_over deqing

note "the next key takes the place of the one before"
exits 1 pacewatch rotate "$site" finish --lang en
has "what is missing" "empty listen_next" "$work/said"
setting "$site/pacewatch.yaml" listen_next '""'
setting "$site/pacewatch.yaml" listen "\"tcp://127.0.0.1:$next_port\""
exits 1 pacewatch rotate "$site" finish --lang en # the collector runs
stop collector
exits 0 pacewatch rotate "$site" finish --lang en
same "the collector's key" "$next" "$(cat -- "$site/keys/collector.public")"
[[ ! -e $site/keys/collector.next.secret ]] || fail "the next key is still there"
start_collector
deliver wuxing wuxing-4 2023-07 710
deliver deqing deqing-3 2023-07 99

note "who was not told says what is wrong"
setting "$(home anji)/agent.yaml" collector "\"tcp://127.0.0.1:$next_port\""
stop anji
start anji "$PACEWATCH_BIN/pacewatch-agent" "$(home anji)"
is_wrong() { (exits 4 agent "$(home anji)" status && grep -q 'not the one this agent was given' "$work/said"); }
wait_for 30 "anji's status to say that the collector's key is another" is_wrong
for one in wuxing deqing anji; do stop $one; done
stop collector

note "listen_next without a next key is refused"
setting "$site/pacewatch.yaml" listen_next "\"tcp://127.0.0.1:$bus_port\""
exits 1 "$PACEWATCH_BIN/pacewatch-collector" "$site"
has "why" "no next key (pacewatch rotate)" "$work/said"
