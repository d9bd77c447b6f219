#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What it costs, beside what one could take instead: one table of ratios, medians of the rounds of one run.
#
#     tests/bench/run.sh [SERIES [ROUNDS [MONTHS]]]      20000 3 60
#
# The real programs (preset bench): four agents with their feed files, a collector, real disk. Beside them, in each round: a bare loop over
# SQLite, VictoriaMetrics and InfluxDB where they are installed (or below PEERS/usr/bin). All on loopback; what is started here is ended here, by its pid.
set -Eeuo pipefail
series=${1:-20000} rounds=${2:-3} months=${3:-60} agents=4
root=$(cd -- "$(dirname -- "$0")/../.." && pwd)
bin=$root/build/bench/bin tools=$root/build/bench/tests
export LC_ALL=C.UTF-8 TZ=UTC
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
[[ -x $tools/bench_single ]] || { echo "first: cmake --preset bench && cmake --build --preset bench" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/pacewatch.bench.XXXXXX")
declare -A pid=()

# Deleting many files makes new ones dear for minutes (ext4): it is done at the end only.
on_exit() {
    local code=$? name
    for name in "${!pid[@]}"; do kill -KILL "${pid[$name]}" 2>/dev/null || true; done
    if [[ ${KEEP:-} ]]; then echo "kept: $work" >&2; else rm -rf -- "$work"; fi
    exit "$code"
}
trap on_exit EXIT
trap 'echo "bench: line $LINENO: $BASH_COMMAND" >&2' ERR

now() { printf '%s' "$EPOCHREALTIME"; }
told() { printf '%s %s\n' "$1" "$2" >>"$work/results"; }
calc() { awk "BEGIN { printf \"%.6f\", $1 }"; }
say() { printf '%s %s\n' "$(date +%H:%M:%S)" "$*" >&2; }

start() { # NAME COMMAND...
    local name=$1
    shift
    "$@" >"$work/$name.log" 2>&1 </dev/null &
    pid[$name]=$!
}
stop() { # NAME
    kill -TERM "${pid[$1]}"
    wait "${pid[$1]}" 2>/dev/null || true
    unset "pid[$1]"
}
# CPU seconds, and KiB at most, of a process that runs.
cpu_of() { sed 's/.*) //' "/proc/${pid[$1]}/stat" | awk -v hz="$(getconf CLK_TCK)" '{ printf "%.2f", ($12 + $13) / hz }'; }
peak_of() { awk '/^VmHWM/ { print $2 }' "/proc/${pid[$1]}/status"; }
await() { # SECONDS COMMAND...
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || { echo "waited in vain: $*" >&2; return 1; }
        sleep 0.01
    done
}
# Sums up what bench_clock wrote of processes that ran beside each other: from the first start to the last end, CPU.
clocked() { # FILE -> $begun $ended $cpu
    read -r begun ended cpu < <(awk '!n++ || $1 < a { a = $1 } $2 > b { b = $2 } { c += $3 } END { print a, b, c }' "$1")
}

# ---- pacewatch ----

answers() { curl -sf -o /dev/null "http://127.0.0.1:$1/$2"; }
projected() { [[ $(sed -n 's/^position //p' "$site/rrd/state" 2>/dev/null) == "$1" ]]; }
connected() { grep -q 'link: connected' "$work/agent$1.log"; }
settled() { [[ $("$bin/pacewatch" status "$site" --format csv 2>/dev/null | awk -F, '/unjudged/ { print $2 }') == 0 ]]; }

# Lets the running agents have the files of that name, each whole at once, and waits for the receipts of their last ones.
feed() { # NAME -> $begun $ended
    local agent file receipts=() moves=()
    for ((agent = 0; agent < agents; agent++)); do
        mkdir -p "$site.agents/$agent/waiting"
        for file in "$work/files/feeds/$agent/$1"*; do cp -- "$file" "$site.agents/$agent/waiting/"; done
        receipts+=("$site.agents/$agent/receipts/${file##*/}.$(sha256sum "$file" | head -c 8).csv")
    done
    sync -f "$work"
    begun=$(now)
    for ((agent = 0; agent < agents; agent++)); do
        mv "$site.agents/$agent/waiting/"* "$site.agents/$agent/inbox/" &
        moves+=($!)
    done
    ended=$("$tools/bench_wait" "${receipts[@]}")
    wait "${moves[@]}"
}

agents_cpu() {
    local agent sum=0
    for ((agent = 0; agent < agents; agent++)); do sum="$sum + $(cpu_of "agent$agent")"; done
    calc "$sum"
}

phase() { # NAME FILES ROWS POSITION
    local collector senders seen
    collector=$(cpu_of collector) senders=$(agents_cpu)
    feed "$2"
    await 300 projected "$4"
    seen=$(now)
    told "$1_rate" "$(calc "$3 / ($ended - $begun)")"
    told "$1_visible" "$(calc "$seen - $begun")"
    told "$1_agents_cpu" "$(calc "1e6 * ($(agents_cpu) - $senders) / $3")"
    told "$1_collector_cpu" "$(calc "1e6 * ($(cpu_of collector) - $collector) / $3")"
}

run_pacewatch() {
    site=$work/site$round
    local rows=$((series * months)) bus http agent before
    read -r bus http < <("$tools/bench_ports" 2 | xargs)
    "$bin/pacewatch" init "$site" --catalogue "$work/files/catalogue" --listen "tcp://127.0.0.1:$bus" --http-port "$http" >>"$work/site.log" 2>&1
    for ((agent = 0; agent < agents; agent++)); do
        "$bin/pacewatch" enrol "$site" "office$agent" --out "$site.agents/$agent" >>"$work/site.log" 2>&1
    done
    start collector "$bin/pacewatch-collector" "$site"
    await 60 answers "$http" -/ready
    for ((agent = 0; agent < agents; agent++)); do start "agent$agent" "$bin/pacewatch-agent" "$site.agents/$agent"; done
    for ((agent = 0; agent < agents; agent++)); do await 10 connected "$agent"; done
    phase backfill backfill "$rows" "$rows"
    sleep 3 # a month comes later: the projector has rested from the backfill
    phase month month "$series" $((rows + series))
    told agent_peak "$(peak_of agent0)"
    told peak "$(peak_of collector)"
    await 300 settled
    before=$(cpu_of collector)
    sleep 5 # this is what is measured
    told idle "$(calc "100 * ($(cpu_of collector) - $before) / 5")"
    stop agent0 # its key is used
    "$tools/bench_single" "$site/keys/collector.public" "tcp://127.0.0.1:$bus" "$http" "$site.agents/0/keys" area0 "$site.agents/1" area1 >>"$work/results"
    for ((agent = 1; agent < agents; agent++)); do stop "agent$agent"; done
    stop collector
    told ledger_bytes "$(calc "$(stat -c %s "$site/ledger.db") / ($rows + $series)")"
    before=$(now)
    start collector "$bin/pacewatch-collector" "$site"
    await 60 answers "$http" -/ready
    told start "$(calc "$(now) - $before")"
    stop collector
}

# ---- peers ----

peer() { # PROGRAM: where it is, "" if nowhere
    if [[ ${PEERS:-} && -x $PEERS/usr/bin/$1 ]]; then printf '%s' "$PEERS/usr/bin/$1"; else command -v "$1" || true; fi
}

# Posts with one connection an agent, all at once.
post() { # URL FILES-OF-AN-AGENT (with %)
    local agent file waiting=()
    rm -f "$work/clock"
    for ((agent = 0; agent < agents; agent++)); do
        for file in "$work"/files/${2//%/$agent}*; do
            printf 'url = "%s"\ndata-binary = "@%s"\noutput = "/dev/null"\nfail\nsilent\nshow-error\nnext\n' "$1" "$file"
        done | sed '$d' >"$work/post$agent"
        "$tools/bench_clock" "$work/clock" curl -q -K "$work/post$agent" >>"$work/curl.log" 2>&1 &
        waiting+=($!)
    done
    for agent in "${waiting[@]}"; do wait "$agent"; done
    clocked "$work/clock"
}

peer_phase() { # PEER NAME URL FILES ROWS FLUSH-URL
    local before
    before=$(cpu_of "$1")
    post "$3" "$4"
    if [[ $6 ]]; then
        curl -sf -o /dev/null "$6"
        ended=$(now)
    fi
    told "$1_$2_rate" "$(calc "$5 / ($ended - $begun)")"
    told "$1_$2_cpu" "$(calc "1e6 * ($(cpu_of "$1") - $before + $cpu) / $5")"
}

run_victoria() {
    local program at=$work/victoria$round http
    program=$(peer victoria-metrics)
    [[ $program ]] || return 0
    http=$("$tools/bench_ports" 1)
    start victoria "$program" -storageDataPath="$at" -retentionPeriod=100y -httpListenAddr="127.0.0.1:$http"
    await 30 answers "$http" health
    peer_phase victoria backfill "http://127.0.0.1:$http/api/v1/import" "json/%.backfill" $((series * months)) "http://127.0.0.1:$http/internal/force_flush"
    peer_phase victoria month "http://127.0.0.1:$http/api/v1/import" "json/%.month" "$series" "http://127.0.0.1:$http/internal/force_flush"
    told victoria_peak "$(peak_of victoria)"
    stop victoria
}

run_influx() {
    local program at=$work/influx$round http rpc
    program=$(peer influxd)
    [[ $program ]] || return 0
    read -r http rpc < <("$tools/bench_ports" 2 | xargs)
    mkdir "$at"
    cat >"$at/conf" <<CONF
reporting-disabled = true
bind-address = "127.0.0.1:$rpc"
[meta]
  dir = "$at/meta"
[data]
  dir = "$at/data"
  wal-dir = "$at/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:$http"
  log-enabled = false
[monitor]
  store-enabled = false
[[udp]]
  enabled = false
CONF
    start influx "$program" -config "$at/conf"
    await 30 answers "$http" ping
    curl -sf -o /dev/null "http://127.0.0.1:$http/query" --data-urlencode 'q=CREATE DATABASE pw WITH DURATION INF REPLICATION 1 SHARD DURATION 520w NAME all_of_it'
    peer_phase influx backfill "http://127.0.0.1:$http/write?db=pw&precision=s" "lines/%.backfill" $((series * months)) ""
    peer_phase influx month "http://127.0.0.1:$http/write?db=pw&precision=s" "lines/%.month" "$series" ""
    told influx_peak "$(peak_of influx)"
    stop influx
}

# ---- the run ----

mkdir "$work/files"
say "writing the files of $series series x $months months, and one month more"
series=$("$tools/bench_files" "$work/files" "$series" "$months" "$agents")
load=$(cut -d' ' -f1-3 /proc/loadavg)
for ((round = 1; round <= rounds; round++)); do
    say "round $round of $rounds: bare loop"
    (cd "$work" && "$tools/bench_ledger" "$series" "$months" bare) >>"$work/results"
    say "round $round of $rounds: pacewatch"
    run_pacewatch
    say "round $round of $rounds: peers"
    run_victoria
    run_influx
done
printf '%s series x %s months, then one month; %s agents; medians of %s rounds; load %s before, %s after; %s\n\n' "$series" "$months" "$agents" "$rounds" \
    "$load" "$(cut -d' ' -f1-3 /proc/loadavg)" "$(nproc) cores"
awk -f "$root/tests/bench/table.awk" "$work/results"
[[ ! ${RESULTS:-} ]] || cp "$work/results" "$RESULTS"
