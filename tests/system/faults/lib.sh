# shellcheck shell=bash disable=SC2034,SC2154 # what lib.sh and faults.sh set and use
# SPDX-License-Identifier: GPL-3.0-or-later
# What the scenarios of faults.sh share (sourced): files to deliver, the wait for their receipts, and the oracle's verdict.
#
# Everything random comes from one seed: PACEWATCH_SEED, or a new one. What time does to the programs is not in it.
seed=${PACEWATCH_SEED:-$((RANDOM * 32768 + RANDOM + 1))}
RANDOM=$((seed % 32768))
rows=20                         # of each file
publishers=(wuxing anji)
declare -A next_file=()         # publisher -> number of its next file
mkdir -p -- "$work/given" "$work/new"
ulimit -c 0

oracle() { "$PACEWATCH_TOOLS/oracle" "$@"; }

skip() {
    note "SKIPPED: $*"
    exit 77
}

# draw N: 0 .. N-1 to $drawn. No $(draw N): a subshell would not move the sequence on.
draw() { drawn=$(((RANDOM * 32768 + RANDOM) % $1)); }

now_ms() { now=$((${EPOCHREALTIME/./} / 1000)); }

# pause MS
pause() { ((${1} <= 0)) || sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"; }

# ---- files and receipts ----

# make_files PUBLISHER COUNT: its next files, into $work/new and among those that count; their paths to $made.
make_files() {
    local first=${next_file[$1]:-0}
    oracle make "$seed" "$1" "$first" "$2" "$rows" "$work/new"
    made=("$work/new/$1"-*.csv)
    cp -p -- "${made[@]}" "$work/given/"
    next_file[$1]=$((first + $2))
}

# give PUBLISHER [COUNT] [HOME]: its next files into its inbox, each there whole or not at all, and old enough to be taken at once.
give() {
    local to=${3:-$(home "$1")} name
    make_files "$1" "${2:-1}"
    mkdir -p -- "$to/.new"
    mv -- "${made[@]}" "$to/.new/" # perhaps to another file system
    for name in "$to/.new"/*.csv; do mv -- "$name" "$to/inbox/"; done
}

give_all() {
    local one
    for one in "${publishers[@]}"; do give "$one" "${1:-1}"; done
}

receipts() { find "$work"/agents/*/receipts -name '*.csv' -printf '%f\n' | sort -u | wc -l; }
files_given() { find "$work/given" -name '*.csv' | wc -l; }
all_answered() { (($(receipts) >= $(files_given))); }
more_than() { (($(receipts) > $1)) || all_answered; }

# has_receipt FILE [HOME]
has_receipt() { compgen -G "${2:-$work/agents/*}/receipts/$1.*.csv" >/dev/null; }

# answered HOME: the names of the files that have a receipt there.
answered() { find "$1/receipts" -name '*.csv' -printf '%f\n' | sed -E 's/\.[0-9a-f]{8}\.csv$//' | sort -u; }

# took SINCE: takes down how many milliseconds after SINCE it is. The table has the longest, and what 95 of 100 did not exceed.
took() {
    now_ms
    printf '%d\n' $((now - $1)) >>"$work/times"
}

# recovered COUNT SINCE [SECONDS]: waits for a receipt more than COUNT and takes down how long after SINCE it came.
recovered() {
    wait_for "${3:-60}" "a receipt after the fault" more_than "$1"
    took "$2"
}

# ---- programs ----

start_agent() { start "$1" "$PACEWATCH_BIN/pacewatch-agent" "${2:-$(home "$1")}"; }

start_agents() {
    local one
    for one in "${publishers[@]}"; do start_agent "$one"; done
}

start_all() {
    make_site
    enrol "${publishers[@]}"
    start_collector
    start_agents
}

# ---- the verdict ----

# ask [HOME...]: the oracle's counts to $counts, what it complains about to $work/findings; fails as it does. What the publisher
# $left_aside did to its own is left aside.
declare -A counts=()
left_aside=
ask() {
    local word code=0 how=(check)
    (($#)) || set -- "$work"/agents/*/
    [[ ! $left_aside ]] || how=(check-but "$left_aside")
    oracle "${how[@]}" "$site/ledger.db" "$work/given" "$@" >"$work/counts" 2>"$work/findings" || code=$?
    ((code < 2)) || { cat "$work/findings"; fail "the oracle cannot read"; }
    for word in $(<"$work/counts"); do counts[${word%%=*}]=${word#*=}; done
    return "$code"
}

# still_right: in mid-run; what is under way may be missing.
still_right() {
    ask || { cat "$work/findings"; fail "in mid-run: $(<"$work/counts") (seed $seed)"; }
}

# verdict AMOUNT [WORDS]: the line of the table; everything given must be in the ledger, once.
verdict() {
    local code=0 p95 worst
    ask || code=$?
    ((counts[missing] == 0)) || code=1
    [[ -e $work/times ]] || echo 0 >"$work/times"
    read -r p95 worst < <(sort -n "$work/times" | awk '{ at[NR] = $1 / 1000 } END { print at[int((NR * 95 + 99) / 100)], at[NR] }')
    printf '%-22s %7s %9s %6s %8s %6s %9s %7s %8s %8s %11s  %s\n' "$scenario" "$1" "${counts[given]}" "${counts[missing]}" \
        "${counts[doubled]}" "${counts[alien]}" "${counts[rejected]}" "${counts[uneven]}" "$p95" "$worst" "$seed" "${2:-}"
    ((code == 0)) || { cat "$work/findings"; fail "$scenario: $(<"$work/counts") (seed $seed)"; }
}

# finish AMOUNT [WORDS]: everything is answered (within $drain_seconds, or 120), the programs end cleanly, the verdict.
finish() {
    local name
    wait_for "${drain_seconds:-120}" "all receipts" all_answered
    for name in "${publishers[@]}" collector; do
        [[ ! ${pid[$name]:-} ]] || stop "$name"
    done
    verdict "$@"
}
