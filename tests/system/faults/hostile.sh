# shellcheck shell=bash disable=SC2034,SC2154 # what lib.sh and faults.sh set and use
# SPDX-License-Identifier: GPL-3.0-or-later
# Peers that mean harm (PROTOCOL T8, T9): strangers at the door, and a district whose key is enrolled. Honest agents publish meanwhile,
# one file at a time, and each waits for its receipt: that is the wait in the table.

# honest_until NAME: files of the honest until the program NAME ends; how long each waited for its receipt.
honest_until() {
    local one=0
    while is_running "$1"; do
        one=$(((one + 1) % ${#publishers[@]}))
        give "${publishers[one]}"
        now_ms
        struck=$now
        wait_for 60 "the receipt of $(basename -- "${made[0]}")" has_receipt "$(basename -- "${made[0]}")"
        took "$struck"
    done
}

descriptors() { find "/proc/${pid[collector]}/fd" -mindepth 1 | wc -l; }
descriptors_back() { (($(descriptors) <= $1)); }

# memory FIELD: of the collector, in kB; VmHWM is its highest since the last low_mark.
memory() { awk -v field="$1:" '$1 == field { print $2 }' "/proc/${pid[collector]}/status"; }
low_mark() { echo 5 >"/proc/${pid[collector]}/clear_refs"; }

# ends_within MILLISECONDS WHAT: what 95 of 100 honest files waited.
ends_within() {
    local p95
    p95=$(sort -n "$work/times" | awk '{ at[NR] = $1 } END { print at[int((NR * 95 + 99) / 100)] }')
    ((p95 <= $1)) || fail "honest files waited $p95 ms (95 of 100) $2"
}

# ---- strangers ----

# Kind and connections at a time; what they do is told in tests/faults/stranger.c.
stranger_kinds=(silent:400 half:400 greeting:400 drip:200 noise:100 null:200 plain:200 unknown:200 no_hello:100 version_1:200 version_2:200
    long:100 longest:100 flood:50 key:60 server:60)

# Nobody gets in, the collector stays as it was, and the honest are served. AMOUNT is seconds of each kind.
strangers() {
    local amount=${1:-3} kind count key line before_fds before_kb total=0 grown
    start_all
    give_all
    wait_for 30 "all receipts" all_answered
    before_fds=$(descriptors)
    before_kb=$(memory VmRSS)
    low_mark
    for kind in "${stranger_kinds[@]}"; do
        count=${kind#*:}
        kind=${kind%:*}
        key=$(<"$site/keys/collector.public")
        [[ $kind != server ]] || key=$(<"$(home wuxing)/keys/agent.public") # a key, and not the collector's
        : >"$work/stranger.log"
        start stranger "$PACEWATCH_TOOLS/stranger" "$kind" "$bus_port" "$count" "$amount" "$seed" "$key"
        honest_until stranger
        ended stranger 10
        line=$(<"$work/stranger.log")
        same "exit code of the strangers ($kind: $line)" 0 "$ended_code"
        [[ $line == connections=[1-9]* ]] || fail "no stranger of kind $kind came: this proves nothing"
        [[ ! ${VERBOSE:-} ]] || note "$kind: $line, descriptors $(descriptors)"
        # The collector waits 5 s for a handshake; who said nothing so long is out.
        ((amount < 8)) || [[ $kind == flood || $line != *ended=0* ]] || fail "$kind strangers may stay: $line"
        line=${line#connections=}
        total=$((total + ${line%% *}))
        is_running collector || fail "the collector is gone ($kind)"
    done
    wait_for 10 "the descriptors to be those of before: $(descriptors) of $before_fds" descriptors_back "$before_fds"
    grown=$(($(memory VmHWM) - before_kb))
    ((grown <= 64 * 1024)) || fail "the collector grew by $grown kB"
    ends_within 1000 "among strangers"
    finish "$amount" "$total connections of ${#stranger_kinds[@]} kinds, 0 admitted, $((grown / 1024)) MiB more at most, descriptors back"
}

# ---- a hostile district ----

hostile_kinds=(random mutated foreign impostors numbers parts large no_credit hello offers again)

# What it sends is told in tests/faults/hostile_agent.c. Its own rows may be what it likes: the oracle leaves them aside, and nothing else.
# AMOUNT is seconds of each kind.
hostile_district() {
    local amount=${1:-3} kind line total=0 taken=0 number=0
    left_aside=deqing
    start_all
    enrol "$left_aside"
    give_all
    wait_for 30 "all receipts" all_answered
    for kind in "${hostile_kinds[@]}"; do
        : >"$work/hostile.log"
        start hostile "$PACEWATCH_TOOLS/hostile_agent" "$kind" "$bus_port" "$(<"$site/keys/collector.public")" "$(home "$left_aside")/keys" \
            "$left_aside" "$site/ledger.db" "$amount" "$((seed + ++number))"
        honest_until hostile
        ended hostile 15
        line=$(<"$work/hostile.log")
        same "exit code of the hostile ($kind: $line)" 0 "$ended_code"
        [[ ! ${VERBOSE:-} ]] || note "$kind: $line"
        is_running collector || fail "the collector is gone ($kind)"
        still_right
        taken=$((taken + ${line##*=}))
        line=${line#sent=}
        total=$((total + ${line%% *}))
    done
    ((taken > 0)) || fail "not even its own rows were taken: this proves nothing"
    ends_within 1000 "beside a hostile district"
    finish "$amount" "$total messages of ${#hostile_kinds[@]} kinds, $taken answers that its own row is taken"
}
