#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# An agent's key is changed over the connection of the old one, with and without a daemon; a collector that is away, and a crash
# at any step, delay it and break nothing; the one before can be revoked at once.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

make_site
enrol wuxing deqing
start_collector

public() { cat -- "$(home "$1")/keys/agent.public"; }
keys_of() { # COLUMN [COLUMN=VALUE]...
    pacewatch publishers "$site" --format csv >"$work/publishers.csv"
    csv "$work/publishers.csv" "$@"
}
says() { { agent "$(home "$1")" status --format csv || true; } | grep "^$2,.*$3" >/dev/null; }
# deliver PUBLISHER NAME PERIOD VALUE: a row, and its receipt is awaited.
deliver() {
    printf 'area,indicator,period,value,released\n%s,land-freed,%s,%s,2023-12-12\n' "$1" "$3" "$4" >"$work/$2.csv"
    drop "$1" "$work/$2.csv"
    wait_for 30 "the receipt of $2" compgen -G "$(home "$1")/receipts/$2.csv.*.csv"
}

note "beside a running daemon"
start wuxing "$PACEWATCH_BIN/pacewatch-agent" "$(home wuxing)"
deliver wuxing before 2023-04 500
first=$(public wuxing)
exits 0 agent "$(home wuxing)" rotate --timeout 30
has "what it says" "the key was changed" "$work/said"
[[ $(public wuxing) != "$first" ]] || fail "the key is the old one"
same "files of keys" "agent.old.public agent.old.secret agent.public agent.secret" "$(find "$(home wuxing)/keys" -name 'agent*' -printf '%f\n' | sort | xargs)"
deliver wuxing after 2023-05 655
same "the key it follows" 1 "$(keys_of follows publisher=wuxing key_id=3)"
[[ $(keys_of last_seen publisher=wuxing key_id=3) ]] || fail "the new key was not seen"
[[ $(keys_of retires publisher=wuxing key_id=1) ]] || fail "the old key has no time to retire"
same "when it was revoked" "" "$(keys_of revoked publisher=wuxing key_id=1)"
has "what the collector says" "a key that follows was taken: publisher=wuxing key=1" "$work/collector.log"
has "what the collector says" "used for the first time, the one before retires in 24 h: publisher=wuxing key=3" "$work/collector.log"

note "the old key can be revoked at once; the daemon goes on with the new one"
pacewatch revoke "$site" 1 >>"$work/pacewatch.log"
deliver wuxing later 2023-06 700
stop wuxing

note "without a daemon, and with a collector that is away: the change waits"
stop collector
exits 3 agent "$(home deqing)" rotate --timeout 2
has "what it says" "the old key stays in use" "$work/said"
second=$(public deqing)
[[ -e $(home deqing)/keys/agent.next.secret ]] || fail "the next key is gone"
next=$(cat -- "$(home deqing)/keys/agent.next.public")
start deqing "$PACEWATCH_BIN/pacewatch-agent" "$(home deqing)"
wait_for 10 "deqing's status to show the key that waits" says deqing next_key "waiting"
start_collector
is_over() { [[ $(public deqing) == "$next" && ! -e $(home deqing)/keys/agent.next.secret ]]; }
wait_for 30 "deqing's new key" is_over
[[ $next != "$second" ]] || fail "the next key is the old one"
deliver deqing deqing-after 2023-05 77
stop deqing
same "the key it follows" 2 "$(keys_of follows publisher=deqing key_id=4)"

note "a crash in the middle of the exchange of files is mended at the next start"
third=$(public deqing)
cp -- "$(home deqing)/keys/agent.secret" "$work/third.secret"
exits 0 agent "$(home deqing)" rotate --timeout 30
mv -- "$(home deqing)/keys/agent.secret" "$(home deqing)/keys/agent.next.secret" # as if it had come between the two renames
cp -- "$work/third.secret" "$(home deqing)/keys/agent.secret"
start deqing "$PACEWATCH_BIN/pacewatch-agent" "$(home deqing)"
deliver deqing deqing-crashed 2023-06 88
[[ $(public deqing) != "$third" ]] || fail "the key is the old one"
stop deqing

note "a ledger restored from before the change does not know the new key: the one before brings it back by itself"
pacewatch backup "$site" "$work/backup" >>"$work/pacewatch.log"
exits 0 agent "$(home deqing)" rotate --timeout 30
fifth=$(public deqing)
stop collector
pacewatch restore "$site" "$work/backup" >>"$work/pacewatch.log"
start_collector
start deqing "$PACEWATCH_BIN/pacewatch-agent" "$(home deqing)"
deliver deqing deqing-restored 2023-08 111
newest() { keys_of key_id publisher=deqing | tail -n 1; }
used() { [[ $(newest) == 6 && $(keys_of last_seen key_id=6) ]]; }
wait_for 20 "the use of the key that came back" used
same "key in use" "$fifth" "$(public deqing)"
has "what the agent says" "our key is not known, the one before is" "$work/deqing.log"
stop deqing

note "another's key is not taken"
cp -- "$(home wuxing)/keys/agent.public" "$(home deqing)/keys/agent.next.public"
cp -- "$(home wuxing)/keys/agent.secret" "$(home deqing)/keys/agent.next.secret"
start deqing "$PACEWATCH_BIN/pacewatch-agent" "$(home deqing)"
wait_for 20 "deqing's status to say why" says deqing next_key "known already"
deliver deqing deqing-last 2023-07 99
stop deqing
stop collector
