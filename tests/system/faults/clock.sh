# shellcheck shell=bash disable=SC2034,SC2154 # what lib.sh and faults.sh set and use
# SPDX-License-Identifier: GPL-3.0-or-later
# Wall clocks that are wrong and jump (PROTOCOL T13), by libfaketime; monotonic clocks and file times stay.

faketime_library=$(compgen -G '/usr/lib/*/faketime/libfaketime.so.1' | head -n 1 || true)

# set_clock NAME TIME: as faketime(1) takes it: @2038-01-19 03:14:00, -365d, +0.
set_clock() {
    printf '%s\n' "$2" >"$work/clock.$1.new"
    mv -- "$work/clock.$1.new" "$work/clock.$1"
}

# start_timed NAME PROGRAM FOLDER
start_timed() {
    [[ -e $work/clock.$1 ]] || set_clock "$1" +0
    start "$1" env LD_PRELOAD="$faketime_library" FAKETIME_TIMESTAMP_FILE="$work/clock.$1" FAKETIME_NO_CACHE=1 \
        FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1 "$2" "$3"
}

# Ticks of processor time that a program has had.
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/${pid[$1]}/stat"; }

# A collector whose clock cannot be believed says so, and takes nothing until it is set right.
complained() { grep -c "clock stands at" "$work/collector.log" || true; }
answered_or_told() { all_answered || (($(complained) > complaints)); }

# clock_jumps AMOUNT TIME...: AMOUNT plans: whose clock (collector, agents, both), which of these times, and back again, with files
# before, during and after. Nobody may be busy for nothing.
clock_jumps() {
    local amount=$1 round name whose times busy=0 used since complaints
    shift
    times=("$@")
    [[ $faketime_library ]] || skip "libfaketime is not installed (apt install faketime)"
    make_site
    enrol "${publishers[@]}"
    start_timed collector "$PACEWATCH_BIN/pacewatch-collector" "$site"
    wait_for 30 "the collector" is_ready
    for name in "${publishers[@]}"; do start_timed "$name" "$PACEWATCH_BIN/pacewatch-agent" "$(home "$name")"; done
    for ((round = 1; round <= amount; round++)); do
        draw 3
        case $drawn in
            0) whose=(collector) ;;
            1) whose=("${publishers[@]}") ;;
            2) whose=(collector "${publishers[@]}") ;;
        esac
        give_all 2
        draw 40
        pause "$drawn"
        draw ${#times[@]}
        for name in "${whose[@]}"; do set_clock "$name" "${times[drawn]}"; done
        give_all 2
        complaints=$(complained)
        wait_for 60 "receipts or words, with ${whose[*]} at ${times[drawn]}" answered_or_told
        used=$(ticks collector)
        now_ms
        since=$now
        pause 300
        now_ms
        used=$((($(ticks collector) - used) * 10 * 100 / (now - since))) # 100 ticks a second
        ((used <= busy)) || busy=$used
        still_right
        for name in "${whose[@]}"; do set_clock "$name" +0; done
        now_ms
        struck=$now
        wait_for 60 "all receipts, with ${whose[*]} back from ${times[drawn]}" all_answered
        took "$struck"
    done
    give_all 2
    finish "$amount" "idle collector took at most $busy % of a core"
    ((busy <= 50)) || fail "the collector was busy for nothing: $busy % of a core"
}

clock() {
    clock_jumps "${1:-3}" "@2038-01-19 03:14:05" "@2099-12-31 23:59:58" "@2028-02-29 12:00:00" "@2025-10-26 00:59:59" +1 -1 +3600 -3600 \
        +86400 -86400 +365d -365d "+0 x0.5" "+0 x2"
}

# Before the data, and before this program.
clock_1970() { clock_jumps "${1:-3}" "@1970-01-01 00:00:05" "@1980-06-15 12:00:00" "@2001-09-09 01:46:40"; }
