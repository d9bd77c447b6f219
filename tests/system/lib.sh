# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# For the system tests (sourced): the real programs in a folder of their own, on free ports, awaited by condition and never by a
# sleep of hope, stopped by their pids. From ctest: PACEWATCH_BIN (the programs), PACEWATCH_TOOLS (what tests/ builds),
# PACEWATCH_ROOT (the sources).
#
# A failing test prints what it did, what it found, and the ends of all logs; KEEP=1 keeps its folder.
set -Eeuo pipefail
: "${PACEWATCH_BIN:?}" "${PACEWATCH_TOOLS:?}" "${PACEWATCH_ROOT:?}"
export LC_ALL=C.UTF-8 TZ=UTC
unset LANG LANGUAGE http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy

catalogue=$PACEWATCH_ROOT/data/huzhou-2023
work=$(mktemp -d "${TMPDIR:-/tmp}/pacewatch.$(basename "$0" .sh).XXXXXX")
site="$work/a site" # a blank in the path, everywhere
declare -A pid=()   # name -> process

note() { printf -- '--- %s\n' "$*"; }

fail() {
    printf 'FAIL: %s\n' "$*"
    exit 1
}

on_exit() {
    local code=$1 name log
    trap - ERR
    for name in "${!pid[@]}"; do
        kill -KILL "${pid[$name]}" 2>/dev/null || true
        wait "${pid[$name]}" 2>/dev/null || true
    done
    if ((code != 0)); then
        for log in "$work"/*.log; do
            [[ -s $log ]] || continue
            printf '=== end of %s\n' "$(basename "$log")"
            tail -n 25 "$log"
        done
    fi
    if [[ ${KEEP:-} ]]; then printf 'kept: %s\n' "$work"; else rm -rf -- "$work"; fi
    exit "$code"
}
trap 'on_exit $?' EXIT
trap 'printf "FAIL: line %s: %s\n" "$LINENO" "$BASH_COMMAND"' ERR

# same WHAT WANT GOT
same() {
    [[ $2 == "$3" ]] || fail "$1: expected '$2', got '$3'"
}

# has WHAT NEEDLE FILE: a line with this text.
has() {
    grep -qF -- "$2" "$3" || { head -c 2000 "$3"; fail "$1: '$2' is not in $(basename "$3")"; }
}

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
    local deadline=$((SECONDS + $1)) what=$2 limit=$1
    shift 2
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || fail "waited $limit s in vain: $what"
        sleep 0.05 # between two looks
    done
}

# exits CODE COMMAND...: what it prints goes to $work/said.
exits() {
    local want=$1 got=0
    shift
    "$@" >"$work/said" 2>&1 || got=$?
    ((got == want)) || { cat "$work/said"; fail "exit code $got instead of $want: $*"; }
}

# ---- processes ----

# start NAME COMMAND...: in the background, log in $work/NAME.log; dies with us.
start() {
    local name=$1
    shift
    setpriv --pdeathsig KILL "$@" >>"$work/$name.log" 2>&1 </dev/null &
    pid[$name]=$!
}

is_running() { kill -0 "${pid[$1]}" 2>/dev/null; }
is_gone() { ! is_running "$1"; }

# ended NAME SECONDS: waits until it ends by itself; its exit code in $ended_code.
ended() {
    wait_for "$2" "the end of $1" is_gone "$1"
    ended_code=0
    wait "${pid[$1]}" || ended_code=$?
    unset "pid[$1]"
}

# stop NAME: TERM, and it must end cleanly.
stop() {
    kill -TERM "${pid[$1]}"
    ended "$1" 15
    same "exit code of $1 after TERM" 0 "$ended_code"
}

# kill_hard NAME: SIGKILL, as a crash would.
kill_hard() {
    kill -KILL "${pid[$1]}"
    wait "${pid[$1]}" 2>/dev/null || true
    unset "pid[$1]"
}

# ---- site and agents ----

pacewatch() { "$PACEWATCH_BIN/pacewatch" "$@"; }
agent() { "$PACEWATCH_BIN/pacewatch-agent" "$@"; }
home() { printf '%s' "$work/agents/$1"; }

# A new site on free ports; the collector is not started.
make_site() {
    read -r bus_port http_port < <("$PACEWATCH_TOOLS/free_ports" 2 | xargs)
    mkdir -p -- "$(dirname -- "$site")"
    pacewatch init "$site" --catalogue "$catalogue" --listen "tcp://127.0.0.1:$bus_port" --http-port "$http_port" >>"$work/pacewatch.log" 2>&1
    note "site on ports $bus_port (agents) and $http_port (pages)"
}

# enrol PUBLISHER...: homes that speak English, so that words can be compared.
enrol() {
    local one
    for one; do
        pacewatch enrol "$site" "$one" --out "$(home "$one")" >>"$work/pacewatch.log" 2>&1
        setting "$(home "$one")/agent.yaml" language en
    done
}

# setting FILE KEY VALUE: sets `key` or `section.key` of our YAML files.
setting() {
    KEY=$2 VALUE=$3 awk '
        /^[a-z_]+:/ { section = $1; sub(/:.*/, "", section); name = section }
        /^ +[a-z_]+:/ { name = $1; sub(/:.*/, "", name); name = section "." name }
        /^ *[a-z_]+:/ && name == ENVIRON["KEY"] { $0 = substr($0, 1, index($0, ":")) " " ENVIRON["VALUE"]; found = 1 }
        { print }
        END { exit !found }' "$1" >"$1.new" || fail "$1 has no setting $2"
    mv -- "$1.new" "$1"
}

is_ready() {
    http_get /-/ready "$work/ready" && [[ $http_status == 200 ]]
}

start_collector() {
    start collector "$PACEWATCH_BIN/pacewatch-collector" "$site"
    wait_for 30 "the collector to be ready" is_ready_or_dead
    is_running collector || fail "the collector ended at once"
}
is_ready_or_dead() { is_gone collector || is_ready; }

# drop PUBLISHER FILE [NAME]: into its inbox, there whole or not at all.
drop() {
    local name=${3:-$(basename -- "$2")} inbox
    inbox=$(home "$1")/inbox
    cp -- "$2" "$inbox/../.dropped"
    mv -- "$inbox/../.dropped" "$inbox/$name"
}

# drain PUBLISHER [SECONDS]: the agent sends what its inbox holds, gets its receipts, and ends.
drain() {
    start "$1" "$PACEWATCH_BIN/pacewatch-agent" "$(home "$1")" --drain
    ended "$1" "${2:-60}"
    same "exit code of $1 --drain" 0 "$ended_code"
}

# Path of the receipt of PUBLISHER's FILE.
receipt() {
    local found
    found=$(compgen -G "$(home "$1")/receipts/$2.*.csv") || fail "$1 has no receipt for $2"
    printf '%s' "$found"
}

# settled [SECONDS]: everything is projected and judged; the summary is in $work/status.csv.
settled() {
    pacewatch status "$site" --wait "${1:-60}" --format csv >"$work/status.csv" 2>>"$work/pacewatch.log" ||
        fail "not everything was projected and judged in time"
}

# ---- reading what they say ----

# csv FILE COLUMN [COLUMN=VALUE]...: the column's values in rows where all the others have these values. COLUMN * is the whole row.
csv() {
    local file=$1
    shift
    awk -v want="$*" '
        function cells(line, out,    count, text, character, i, quoted) {
            count = 1
            text = ""
            quoted = 0
            for (i = 1; i <= length(line); i++) {
                character = substr(line, i, 1)
                if (quoted && character == "\"" && substr(line, i + 1, 1) == "\"") {
                    text = text character
                    i++
                } else if (character == "\"")
                    quoted = !quoted
                else if (character == "," && !quoted) {
                    out[count++] = text
                    text = ""
                } else
                    text = text character
            }
            out[count] = text
            return count
        }
        BEGIN { conditions = split(want, condition, " ") }
        { if (FNR == 1) sub(/^\357\273\277/, ""); sub(/\r$/, ""); count = cells($0, cell) }
        NR == 1 {
            for (i = 1; i <= count; i++)
                at[cell[i]] = i
            for (i = 1; i <= conditions; i++) {
                name = condition[i]
                sub(/=.*/, "", name)
                if (name != "*" && !(name in at)) {
                    print "no column " name " in " $0 > "/dev/stderr"
                    exit 1
                }
            }
            next
        }
        {
            for (i = 2; i <= conditions; i++) {
                name = value = condition[i]
                sub(/=.*/, "", name)
                sub(/^[^=]*=/, "", value)
                if (cell[at[name]] != value)
                    next
            }
            print condition[1] == "*" ? $0 : cell[at[condition[1]]]
        }' "$file"
}

# http_request FILE LINE...: sends these lines and an empty one; the body goes to FILE, the head to FILE.head, the code to $http_status.
# Who takes the connection and says nothing for $http_patience seconds, or does not come to an end, has not answered.
http_patience=20
http_request() {
    local file=$1 line code=0
    shift
    exec 5<>"/dev/tcp/127.0.0.1/$http_port" || return 1
    printf '%s\r\n' "$@" '' >&5
    : >"$file.head"
    while IFS= read -r -t "$http_patience" line <&5; do # a socket is read byte by byte, so the body stays
        line=${line%$'\r'}
        [[ $line ]] || break
        printf '%s\n' "$line" >>"$file.head"
    done
    http_status=$(sed -n '1s/^HTTP\/1\.[01] \([0-9]*\).*/\1/p' "$file.head")
    [[ $http_status ]] && timeout "$http_patience" cat <&5 >"$file" || code=1
    exec 5>&-
    return "$code"
}

# http_get PATH FILE
http_get() {
    http_request "$2" "GET $1 HTTP/1.1" "Host: 127.0.0.1:$http_port" "Accept-Language: zh-CN" "Connection: close" 2>/dev/null
}

# page STATUS PATH FILE: the page must answer with this code.
page() {
    http_get "$2" "$3" || fail "no answer: $2"
    same "code of $2" "$1" "$http_status"
}
