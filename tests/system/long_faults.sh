#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The long form of the fault tests: every scenario of faults.sh, and a table of what became of the values.
#
#   tests/system/long_faults.sh AMOUNT [SCENARIO...]      1000 is what is asked for, and takes days
#   PACEWATCH_SEED=N tests/system/long_faults.sh AMOUNT SCENARIO      one of its lines again
#
# Exit codes: 0 nothing was lost, doubled or alien; 1 something was: its output is shown; 2 wrong usage.
set -euo pipefail
here=$(dirname -- "$(realpath -- "$0")")
amount=${1:-}
[[ $amount =~ ^[1-9][0-9]*$ ]] || { sed -n '3,8s/^# \?//p' "$0"; exit 2; }
shift
export PACEWATCH_STOP_SECONDS=60

# How much of each scenario, in thousandths of AMOUNT: kills and damages by number, links, strangers and the
# hostile by seconds (of each kind), calls by calls of each kind.
shares=(oracle_sees:1
    kill_agent:1000 kill_collector:1000 kill_both:500 kill_collector_big:10 abort_both:100 term_in_commit:100 stop_cont:100
    power_cut_collector:300 power_cut_agent:300 power_cut:50
    full_agent_tmpfs:50 full_agent_ext4:50 full_collector_tmpfs:50 full_collector_ext4:50 no_inodes:20 read_only:20 file_size:50
    calls_agent:10000 calls_agent_start:10000 calls_collector:10000 calls_collector_start:10000 calls_backup:10000 calls_restore:1000
    link_pass:1200 link_cut:1200 link_cut_bytes:1200 link_slow:1200 link_delay:1200 link_duplicate:1200 link_corrupt:1200
    link_half_open:1200 link_lost_acks:1200 link_refused:1200
    reinstalled:20 cloned:20 restored_agent:20 restored_ledger:50
    damaged_spool:1000 spool_set_back:20 damaged_ledger:1000 damaged_archives:200
    clock:200 clock_1970:200
    strangers:10 hostile_district:160
    allocations_agent:5000 allocations_collector:5000 allocations_cli:5000 allocations_graph:5000)

output=$(mktemp "${TMPDIR:-/tmp}/pacewatch.long_faults.XXXXXX")
trap 'rm -f -- "$output"' EXIT
printf '%-22s %7s %9s %6s %8s %6s %9s %7s %8s %8s %11s\n' scenario amount values lost doubled alien rejected uneven p95/s worst/s seed
failed=0
for share in "${shares[@]}"; do
    scenario=${share%:*}
    (($# == 0)) || [[ " $* " == *" $scenario "* ]] || continue
    times=$((amount * ${share#*:} / 1000))
    code=0
    "$here/faults.sh" "$scenario" $((times < 1 ? 1 : times)) >"$output" 2>&1 || code=$?
    case $code in
        0) grep -e "^$scenario " -e "all of it is seen" "$output" ;;
        77) grep SKIPPED "$output" ;;
        *)
            failed=1
            cat -- "$output"
            ;;
    esac
done
exit $failed
