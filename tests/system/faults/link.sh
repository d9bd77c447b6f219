# shellcheck shell=bash disable=SC2034,SC2154 # what lib.sh and faults.sh set and use
# SPDX-License-Identifier: GPL-3.0-or-later
# A bad network between agents and collector (PROTOCOL T6): every scenario lasts AMOUNT seconds, with files all the time.

# start_over_link: as start_all, with faulty_link between agents and collector.
start_over_link() {
    rows=100
    make_site
    enrol "${publishers[@]}"
    local port one
    port=$("$PACEWATCH_TOOLS/free_ports" 1)
    start link "$PACEWATCH_TOOLS/faulty_link" "$port" "$bus_port" "$work/control" "$seed"
    wait_for 5 "the link" test -p "$work/control"
    for one in "${publishers[@]}"; do setting "$(home "$one")/agent.yaml" collector "tcp://127.0.0.1:$port"; done
    start_collector
    start_agents
}

tell_link() { printf '%s\n' "$*" >"$work/control"; }

# link_for SECONDS COMMAND...: the fault, files all the while, then a good link again.
link_for() {
    local until=$((SECONDS + $1))
    shift
    tell_link "$*"
    while ((SECONDS < until)); do
        give_all 2
        draw 300
        pause "$drawn"
    done
    before=$(receipts)
    now_ms
    tell_link pass
    recovered "$before" "$now"
}

# link_ended AMOUNT FAULT...: all is answered over a good link; its totals stand in the line, and it did what it was told.
link_ended() {
    wait_for 240 "all receipts" all_answered
    kill -TERM "${pid[link]}"
    ended link 5
    local totals
    totals=$(tail -n 1 "$work/link.log")
    case $2 in
        cut | cut-bytes) [[ $totals != *cuts=0* ]] ;;
        duplicate) [[ $totals != *duplicated=0* ]] ;;
        corrupt) [[ $totals != *corrupted=0* ]] ;;
    esac || fail "the link did not $2 anything: this run proves nothing"
    finish "$1" "$totals"
}

bad_link() {
    start_over_link
    link_for "$@"
    link_ended "$@"
}

link_pass() { bad_link "${1:-3}" pass; }
link_cut() { bad_link "${1:-3}" cut 300; }
link_cut_bytes() { bad_link "${1:-3}" cut-bytes 6000; }
link_slow() { bad_link "${1:-3}" slow 20000; }
link_delay() { bad_link "${1:-3}" delay 400; }
link_duplicate() { bad_link "${1:-3}" duplicate 5000; }
link_corrupt() { bad_link "${1:-3}" corrupt 5000; }

# in_turns AMOUNT SECONDS COMMAND: bad for SECONDS, good until something arrives, and so on.
in_turns() {
    local amount=$1 each=$2 until=$((SECONDS + $1))
    shift 2
    start_over_link
    while ((SECONDS < until)); do link_for "$each" "$@"; done
    link_ended "$amount" "$@"
}

# A cable that is out: nothing arrives, nothing says so. Shorter and longer than the heartbeats' patience.
link_half_open() {
    local amount=${1:-3}
    draw 50
    in_turns "$amount" $((amount < 60 ? amount : 10 + drawn)) hold
}
link_lost_acks() { in_turns "${1:-3}" 3 hold-answers; }
link_refused() { in_turns "${1:-3}" 3 refuse; }
