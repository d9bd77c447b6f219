#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the service manager hears: ready, signs of life while nothing happens, and the end; no signs of life where it wants none.
# The loop rests in between, also while something keeps failing.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

make_site
socket=$work/ear # short: an address of AF_UNIX
start ear "$PACEWATCH_TOOLS/notify_socket" "$socket"
wait_for 10 "the socket" test -S "$socket"

# signs: of life, heard so far.
signs() { grep -c '^WATCHDOG=1$' "$work/ear.log" || true; }
more_than() { (($(signs) > $1)); }
ready() { grep -q '^READY=1$' "$work/ear.log"; }

# heard [NAME=VALUE]...: as systemd starts it.
heard() {
    : >"$work/ear.log"
    start collector env NOTIFY_SOCKET="$socket" "$@" "$PACEWATCH_BIN/pacewatch-collector" "$site"
    wait_for 30 "the collector to be ready" ready
}

note "a watchdog of two seconds, and nothing to do"
heard WATCHDOG_USEC=2000000
before=$(signs) began=$SECONDS
wait_for 20 "signs of life" more_than $((before + 4))
took=$((SECONDS - began))
((took <= 8)) || fail "five signs of life took $took s: too few"
((took >= 3)) || fail "five signs of life took $took s: the loop never rests"

note "a reload"
before=$(signs)
kill -HUP "${pid[collector]}"
wait_for 20 "the reload" grep -q '^RELOADING=1$' "$work/ear.log"
wait_for 20 "signs of life after the reload" more_than $((before + 1))
stop collector
grep -q '^STOPPING=1$' "$work/ear.log" || fail "the end was not told"

note "archives that cannot be written are tried again now and then, not all the time"
rm -rf -- "$site/rrd"
mkdir -p -- "$site/rrd/state/in the way"
heard WATCHDOG_USEC=2000000
wait_for 30 "nine signs of life" more_than 8 # the first try follows after five seconds
ticks=$(awk '{ print $14 + $15 }' "/proc/${pid[collector]}/stat")
note "processor time: $ticks ticks"
((ticks < 60)) || fail "the collector took $ticks ticks of processor time for nothing"
stop collector
has "it was told" "archives are behind" "$work/collector.log"

note "without a watchdog there are no signs of life"
heard
stop collector
same "signs of life" 0 "$(signs)"
