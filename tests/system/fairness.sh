#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A backlog of thousands of rows from one district starves nobody: another's file is answered long before the backlog is through,
# within a few of the collector's commits.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

files=200 months=240
indicators=(land-freed energy-room-freed fdi-used lowef-enterprises zhejiang-made-standards zhejiang-made-enterprises
    smb-parks-4star industrial-robots tech-upgrade-projects carbon-saving-projects mfg-projects-over-1bn central-soe-projects)
rows=$((months * ${#indicators[@]}))
make_site
enrol wuxing deqing

note "a backlog of $((files * rows)) rows, spooled while there is no collector"
for ((file = 1; file <= files; file++)); do
    awk -v file="$file" -v months="$months" -v names="${indicators[*]}" 'BEGIN {
        print "area,indicator,period,value,released"
        count = split(names, name, " ")
        for (n = 1; n <= count; n++)
            for (i = 0; i < months; i++)
                printf "wuxing,%s,%d-%02d,%d,2024-%02d-%02d\n", name[n], 2004 + i / 12, 1 + i % 12, file * 1000 + i, 1 + file / 28, 1 + file % 28
    }' >"$work/backlog-$file.csv"
    drop wuxing "$work/backlog-$file.csv"
done
start wuxing "$PACEWATCH_BIN/pacewatch-agent" "$(home wuxing)"
# waiting: how many records; 0 before the agent has said anything.
waiting() {
    agent "$(home wuxing)" status --format csv >"$work/agent.csv" || true
    awk -F, '$1 == "waiting" { left = $2 } END { print left + 0 }' "$work/agent.csv"
}
whole=$((files * (rows + 2)))
is_spooled() { [[ $(waiting) == "$whole" ]]; }
wait_for 120 "the backlog to be spooled" is_spooled

# commits: how many the collector has made.
commits() {
    page 200 /metrics "$work/metrics"
    awk '$1 == "pacewatch_commits_total" { print $2 }' "$work/metrics"
}

ulimit -Sn 256
start_collector
read -r _ _ _ soft hard _ < <(grep '^Max open files' "/proc/${pid[collector]}/limits")
same "descriptors the collector may have, of the hard limit" $((hard < 65536 ? hard : 65536)) "$soft"
has_begun() { (($(waiting) < whole)); }
wait_for 30 "the backlog to be on its way" has_begun

note "meanwhile one row of another district"
printf '%s\n' area,indicator,period,value,released deqing,land-freed,2023-05,77,2023-06-12 >"$work/one.csv"
before=$(commits)
exits 0 agent "$(home deqing)" send "$work/one.csv" --timeout 30
after=$(commits)
left=$(waiting)
note "answered within $((after - before)) commits of all; $left records of the backlog still waited"
((left > whole / 10)) || fail "the backlog was through first: $left records left of $whole"

note "and the backlog arrives whole"
is_drained() { (($(waiting) == 0)); }
wait_for 120 "the backlog to be through" is_drained
pacewatch history "$site" wuxing land-freed --format csv >"$work/history.csv"
same "months on record" "$months" "$(csv "$work/history.csv" period | sort -u | wc -l)"
stop wuxing
stop collector
