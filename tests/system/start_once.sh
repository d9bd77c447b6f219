#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# ./start itself, with the programs of this build instead of its own: --once, a second --once, and the lasting form.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"
export PACEWATCH_BIN

start_here() { "$PACEWATCH_ROOT/start" --site "$site" "$@"; }

# Programs of ours below a process, one a line. (No ps on a bare machine.)
programs_of() {
    local one
    for one in $(cat "/proc/$1/task/$1/children"); do
        [[ $(cat "/proc/$one/comm" 2>/dev/null) != pacewatch-* ]] || echo "$one"
    done
}
eight_programs() { (($(programs_of "${pid[running]}" | wc -l) == 8)); }

read -r http_port < <("$PACEWATCH_TOOLS/free_ports" 1)

note "wrong usage"
exits 2 start_here --port 0
exits 2 start_here --nonsense
exits 0 "$PACEWATCH_ROOT/start" --help

note "--once, from another folder, into a path with a blank"
cd /
exits 0 start_here --once --port "$http_port"
sed 's/^/    /' "$work/said"
cp -- "$work/said" "$work/first"
sent=$(awk '/^samples sent/ { print $3 }' "$work/first")
same "samples acknowledged" "$sent" "$(awk '/^samples acknowledged/ { print $3 }' "$work/first")"
((sent > 1000)) || fail "only $sent samples were sent"
pacewatch verdicts "$site" --at 2023-06 --format csv >"$work/verdicts.csv"
(($(csv "$work/verdicts.csv" level | sort -u | wc -l) >= 3)) || fail "the demo shows fewer than three levels"
[[ -z $(jobs -rp) ]] || fail "something still runs"
exits 0 pacewatch fsck "$site"

note "every one of the 112 cells and 83 rows has a verdict with a reason in every month"
for month in 01 02 03 04 05 06 07 08 09 10 11 12; do
    pacewatch verdicts "$site" --at "2023-$month" --format csv >"$work/verdicts.csv"
    for column in target level rule reason; do csv "$work/verdicts.csv" "$column" >"$work/$column.column"; done
    paste -d'|' "$work"/{target,level,rule,reason}.column | grep -E '^f[12]-' >"$work/judged" || fail "no verdicts of 2023-$month"
    same "verdicts of 2023-$month" 195 "$(wc -l <"$work/judged")"
    same "of 2023-$month without level, rule or reason" "" "$(awk -F'|' '$2 == "" || $3 == "" || $4 == ""' "$work/judged")"
done

note "--once again sends nothing twice"
exits 0 start_here --once
diff <(grep -v '^\[' "$work/first" | tail -n 20) <(grep -v '^\[' "$work/said" | tail -n 20) || fail "the second summary differs"

note "without --once: the page is there, a second start is refused, TERM stops everything"
before=$SECONDS
start running "$PACEWATCH_ROOT/start" --site "$site"
answers() { http_get / "$work/page" && [[ $http_status == 200 ]]; }
wait_for 30 "the page" answers
note "page after $((SECONDS - before)) s"
exits 1 start_here
has "the second start says why" "in use" "$work/said"
wait_for 30 "the address" grep -q "http://127.0.0.1:$http_port/" "$work/running.log"
wait_for 30 "all processes" eight_programs
children=$(programs_of "${pid[running]}")
kill -TERM "${pid[running]}"
ended running 30
same "exit code after TERM" 143 "$ended_code"
for one in $children; do ! kill -0 "$one" 2>/dev/null || fail "process $one still runs"; done

note "a child's death ends it all, and is told"
start running "$PACEWATCH_ROOT/start" --site "$site"
wait_for 30 "the page" answers
wait_for 30 "all processes" eight_programs
children=$(programs_of "${pid[running]}")
kill -KILL "$(head -n 1 <<<"$children")"
ended running 30
same "exit code" 1 "$ended_code"
for one in $children; do ! kill -0 "$one" 2>/dev/null || fail "process $one still runs"; done

note "even a killed start leaves nobody behind"
start running "$PACEWATCH_ROOT/start" --site "$site"
wait_for 30 "all processes" eight_programs
children=$(programs_of "${pid[running]}")
kill_hard running
none_left() { for one in $children; do ! kill -0 "$one" 2>/dev/null || return 1; done; }
wait_for 30 "the end of all processes" none_left

note "a busy port is named"
start other "$PACEWATCH_TOOLS/smtp_server" "$work"
wait_for 10 "the other program" test -s "$work/port"
exits 1 start_here --port "$(cat "$work/port")"
has "the message names the port" "port $(cat "$work/port") is in use" "$work/said"
