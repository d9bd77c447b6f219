# shellcheck shell=bash disable=SC2034,SC2154 # what lib.sh and faults.sh set and use
# SPDX-License-Identifier: GPL-3.0-or-later
# Programs that die and stop under load (PROTOCOL T3).

in_flight=0

# strike SIGNAL NAME...: after a draw of up to 40 ms. Counts the times that something was under way.
strike() {
    local signal=$1 name
    shift
    draw 40
    pause "$drawn"
    before=$(receipts)
    all_answered || in_flight=$((in_flight + 1))
    now_ms
    struck=$now
    for name; do kill "-$signal" "${pid[$name]}"; done
    for name; do
        wait "${pid[$name]}" 2>/dev/null || true
        unset "pid[$name]"
    done
}

# struck_often AMOUNT SIGNAL NAME...: AMOUNT times files, the signal, a new start and the next receipt.
struck_often() {
    local amount=$1 signal=$2 round name
    shift 2
    [[ ${pid[collector]:-} ]] || start_all
    for ((round = 1; round <= amount; round++)); do
        draw 5
        give_all $((drawn + 8))
        strike "$signal" "$@"
        for name; do
            if [[ $name == collector ]]; then start_collector; else start_agent "$name"; fi
        done
        recovered "$before" "$struck"
        ((round % 50)) || still_right
    done
    finish "$amount" "$in_flight with something under way"
    ((in_flight > 0)) || fail "nothing was ever under way: this run proves nothing"
}

kill_agent() { struck_often "${1:-5}" KILL "${publishers[@]}"; }
kill_collector() { struck_often "${1:-5}" KILL collector; }
kill_both() { struck_often "${1:-5}" KILL collector "${publishers[@]}"; }
abort_both() { struck_often "${1:-3}" ABRT collector "${publishers[@]}"; }

# The same with half a million values in the ledger for each publisher: how long until it serves again. AMOUNT kills.
kill_collector_big() {
    rows=5000 drain_seconds=600 # of what was given between the kills, up to half a million
    start_all
    give_all 100
    wait_for 3600 "a million values" all_answered
    kill_collector "${1:-5}"
}

# An agent's status is written by its loop, which takes signals.
tells_its_pid() { grep -qx "daemon: pid ${pid[$1]}" "$(home "$1")/status.txt"; }

# TERM in the midst of it: a clean end within ten seconds, however far a commit is.
term_in_commit() {
    local amount=${1:-5} round name
    start_all
    for ((round = 1; round <= amount; round++)); do
        for name in "${publishers[@]}"; do wait_for 30 "$name answers to signals" tells_its_pid "$name"; done
        give_all 3
        draw 60
        pause "$drawn"
        before=$(receipts)
        now_ms
        struck=$now
        for name in collector "${publishers[@]}"; do kill -TERM "${pid[$name]}"; done
        for name in collector "${publishers[@]}"; do
            ended "$name" 10
            same "exit code of $name after TERM" 0 "$ended_code"
        done
        start_collector
        start_agents
        recovered "$before" "$struck"
    done
    finish "$amount"
}

# stop_cont AMOUNT [SECONDS]: one program after the other stands still (SIGSTOP) and goes on.
stop_cont() {
    local amount=${1:-2} seconds=${2:-${PACEWATCH_STOP_SECONDS:-2}} round name all=(collector "${publishers[@]}")
    start_all
    for ((round = 1; round <= amount; round++)); do
        name=${all[round % ${#all[@]}]}
        give_all 2
        draw 50
        pause "$drawn"
        kill -STOP "${pid[$name]}"
        give_all 2
        pause $((seconds * 1000))
        before=$(receipts)
        now_ms
        struck=$now
        kill -CONT "${pid[$name]}"
        recovered "$before" "$struck"
        wait_for 120 "all receipts" all_answered
    done
    finish "$amount" "$seconds s each"
}
