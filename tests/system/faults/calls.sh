# shellcheck shell=bash disable=SC2034,SC2154 # what lib.sh and faults.sh set and use
# SPDX-License-Identifier: GPL-3.0-or-later
# Every call to the disk fails once, or from then on, or is the last (PROTOCOL T1). AMOUNT is how many calls of each kind of fault are
# tried, spread over all there are; with 10000 it is every one.

# Class, kind, sticky: as libfaulty.so takes them.
fault_kinds=("any EIO 0" "any EIO 1" "any ENOSPC 0" "any ENOSPC 1" "write short 0" "write short 1" "write torn 0" "any before 0"
    "any after 0" "open EMFILE 0" "open EMFILE 1")

# faulty_setting BELOW PROGRAM: to $with_fault, the command that starts it with the fault $fault at call $call. Calls are those to the
# disk, or for memory.
faulty_setting() {
    local class kind sticky library=libfaulty
    read -r class kind sticky <<<"$fault"
    [[ $class != memory ]] || library=libnomemory
    printf '0' >"$work/count"
    with_fault=(env LD_PRELOAD="$PACEWATCH_TOOLS/$library.so" FAULTY_PROGRAM="$(basename -- "$2")" FAULTY_BELOW="$(realpath -- "$1")"
        FAULTY_CLASS="$class" FAULTY_KIND="$kind" FAULTY_STICKY="$sticky" FAULTY_AT="$call" FAULTY_COUNT="$work/count")
}

# start_faulty NAME BELOW PROGRAM ARGUMENT...
start_faulty() {
    local name=$1 below=$2
    shift 2
    faulty_setting "$below" "$1"
    start "$name" "${with_fault[@]}" "$@"
}

# is_librarys_end CODE: libraries that end their program when they get no memory do as they always do (134: ABRT, 133: TRAP). Some read at
# NULL, or call themselves until the stack is full, instead (139; docs/reliability.md says where): glibc where libpgm looks a protocol up,
# librrd, and glib and PCRE below it. Those that draw may do so too, or go in circles (137, after a time): $is_drawing, in a process of its
# own that the collector replaces. Where the fault was given to ours, none of that may be.
is_drawing=
library_ends=0
is_librarys_end() {
    [[ $fault == memory* && $(<"$work/count") =~ \ (lib[a-z]+)[^\ ]*\.so ]] || return 1
    case $1 in
    133 | 134) ;;
    139) [[ $is_drawing || ${BASH_REMATCH[1]} =~ ^lib(pgm|rrd|glib|pcre)$ ]] || return 1 ;;
    137) [[ $is_drawing ]] || return 1 ;;
    *) return 1 ;;
    esac
    library_ends=$((library_ends + 1))
}

# died NAME: it has ended; by a signal that is not ours, the scenario has failed.
died() {
    local code=0
    wait "${pid[$1]}" 2>/dev/null || code=$?
    unset "pid[$1]"
    ! is_librarys_end "$code" || return 0
    ((code < 128 || code == 137)) || fail "$1 crashed ($code): $fault at call $call: $(<"$work/count") (seed $seed)"
}

# look_until NAME MS COMMAND...: until the command succeeds or the program has ended, for MS milliseconds at most.
look_until() {
    local name=$1 end
    now_ms
    end=$((now + $2))
    shift 2
    while is_running "$name" && ! "$@"; do
        now_ms
        ((now < end)) || break
        sleep 0.02 # between two looks
    done
} 2>/dev/null # where the shell tells who was killed

# put_down NAME: TERM, and the end within ten seconds, whatever its disk does.
put_down() {
    [[ ${pid[$1]:-} ]] || return 0
    kill -TERM "${pid[$1]}" 2>/dev/null || true
    wait_for 10 "$1 to end with $fault at call $call ($(<"$work/count"))" is_gone "$1" 2>/dev/null
    died "$1"
}

# each_call AMOUNT TRY: counts the calls of a run without fault, then calls TRY with $fault and $call for AMOUNT of them.
tried=0
each_call() {
    local amount=$1 try=$2 total i from
    for fault in "${fault_kinds[@]}"; do
        call=0
        "$try"
        total=$(awk '{ print $1 }' "$work/count")
        ((total > 0)) || fail "no call was counted for $fault: this proves nothing"
        draw "$total"
        from=$drawn
        for ((i = 0; i < amount && i < total; i++)); do
            if ((amount < total)); then call=$(((from + i * total / amount) % total + 1)); else call=$((i + 1)); fi
            now_ms
            struck=$now
            "$try"
            took "$struck"
            tried=$((tried + 1))
        done
        [[ ! ${VERBOSE:-} ]] || note "$fault: $total calls"
        still_right
    done
}

# every_call AMOUNT TRY: a scenario of such calls.
every_call() {
    rows=1 # of each file: few calls, and all of them different
    each_call "$@"
    for name in "${!pid[@]}"; do stop "$name"; done
    local words="$tried faults tried"
    [[ $fault != memory* ]] || words+=", $library_ends ended in a library"
    verdict "$1" "$words"
}

# ---- the agent ----

# A home as it was before its first start, in place of the one before, whose receipts are kept.
fresh_home() {
    local old="$work/agents/wuxing"
    mkdir -p -- "$work/agents/kept/receipts"
    if [[ -d $old ]]; then
        find "$old/receipts" -type f -exec mv -t "$work/agents/kept/receipts/" -- {} +
        rm -rf -- "$old"
    fi
    cp -r -- "$work/pristine" "$old"
}

agent_site() {
    make_site
    enrol wuxing
    mkdir -p -- "$(home wuxing)"/{inbox,receipts}
    cp -r -- "$(home wuxing)" "$work/pristine"
    start_collector
}

# Runs the agent with the fault until all is answered, it ends, or the fault has had a second; then without, and everything arrives.
agent_with_fault() {
    start_faulty wuxing "$(home wuxing)" "$PACEWATCH_BIN/pacewatch-agent" "$(home wuxing)" --drain
    look_until wuxing 1000 false
    put_down wuxing
    drain wuxing 30
    has_receipt "wuxing-$(printf '%06d' $((next_file[wuxing] - 1))).csv" || fail "no receipt: $fault at call $call (seed $seed)"
}

agent_from_scratch() {
    fresh_home
    give wuxing
    agent_with_fault
}

# Import, sending and receipts, from an empty home.
calls_agent() {
    agent_site
    every_call "${1:-2}" agent_from_scratch
}

agent_after_crash() {
    fresh_home
    setting "$(home wuxing)/agent.yaml" collector "tcp://127.0.0.1:$http_port" # nobody there speaks the protocol
    give wuxing
    start_agent wuxing
    wait_for 30 "the file in the spool" test ! -e "$(home wuxing)/inbox/$(basename -- "${made[0]}")"
    kill_hard wuxing
    cp -- "$work/pristine/agent.yaml" "$(home wuxing)/"
    give wuxing
    agent_with_fault
}

# Start with a spool that a crash left, sending it, and one more file.
calls_agent_start() {
    agent_site
    every_call "${1:-2}" agent_after_crash
}

# ---- the collector ----

# A page server that closes at once would end this shell by SIGPIPE; one without memory leaves it without an answer.
is_ready_aside() { (http_patience=1; is_ready); }

collector_with_fault() {
    start_faulty collector "$site" "$PACEWATCH_BIN/pacewatch-collector" "$site"
    if [[ $fault == memory* ]]; then
        look_until collector 2000 is_ready_aside # its pages may stay without memory
    else
        wait_for 30 "the collector to be ready or to end: $fault at call $call" is_ready_or_dead 2>/dev/null
    fi
    give wuxing
    local name
    name=$(basename -- "${made[0]}")
    start_agent wuxing
    look_until collector 800 has_receipt "$name"
    kill_hard wuxing
    put_down collector
    still_acknowledged
    start_collector
    start_agent wuxing
    wait_for 30 "the receipt after $fault at call $call" has_receipt "$name"
    kill_hard wuxing
}

# What is acknowledged is there before anything is mended.
still_acknowledged() {
    ask || { cat "$work/findings"; fail "$fault at call $call: $(<"$work/counts") (seed $seed)"; }
}

after_stop() {
    [[ ! ${pid[collector]:-} ]] || stop collector
    collector_with_fault
}

after_crash() {
    [[ ! ${pid[collector]:-} ]] || kill_hard collector
    collector_with_fault
}

calls_collector() {
    make_site
    enrol wuxing
    every_call "${1:-2}" after_stop
}

calls_collector_start() {
    make_site
    enrol wuxing
    every_call "${1:-2}" after_crash
}

# ---- the backup ----

# Whole or not at all: what lies there is a backup, also where its end was not a good one.
backup_with_fault() {
    rm -rf -- "$work/safe/new"
    give wuxing
    drain wuxing 30
    rm -f -- "$work/backup.log"
    start_faulty backup "$work" "$PACEWATCH_BIN/pacewatch" backup "$site" "$work/safe/new" --lang en
    local code=0
    wait_for 30 "the end of the backup: $fault at call $call" is_gone backup 2>/dev/null
    wait "${pid[backup]}" 2>/dev/null || code=$?
    unset "pid[backup]"
    ((code < 128 || code == 137)) || fail "the backup crashed ($code): $fault at call $call (seed $seed)"
    if [[ -e $work/safe/new ]]; then
        ((code == 0 || code == 137)) || has "words of a backup that is not told of" "is whole" "$work/backup.log"
        (cd "$work/safe/new" && sha256sum --quiet -c SHA256SUMS) || fail "a backup that is none: $fault at call $call (seed $seed)"
    elif ((code == 0)); then
        fail "no backup, and nobody said so: $fault at call $call (seed $seed)"
    fi
    rm -rf -- "$work/safe/new" "$work/safe/new.partial"
    exits 0 pacewatch backup "$site" "$work/safe/new" --lang en
    rm -rf -- "$work/safe/good"
    mv -- "$work/safe/new" "$work/safe/good"
}

# At the end the last backup is restored, and the agent brings what came after it.
calls_backup() {
    mkdir -p -- "$work/safe"
    make_site
    enrol wuxing
    start_collector
    every_call "${1:-2}" backup_with_fault
    start_collector
    give wuxing 3
    drain wuxing
    stop collector
    restore_ledger "$work/safe/good"
    start_collector
    start_agent wuxing
    wait_for 60 "everything in the ledger again" nothing_missing
}

# ---- the restore ----

# A restore that is cut off leaves the ledger as it was, or restored, or something the collector refuses and the next restore mends.
restore_with_fault() {
    [[ ! ${pid[collector]:-} ]] || stop collector
    start_faulty restore "$work" "$PACEWATCH_BIN/pacewatch" restore "$site" "$work/backup" --lang en
    wait_for 30 "the end of the restore: $fault at call $call" is_gone restore 2>/dev/null
    died restore
    start collector "$PACEWATCH_BIN/pacewatch-collector" "$site"
    wait_for 30 "the collector to be ready or to end: $fault at call $call" is_ready_or_dead
    if is_gone collector; then
        died collector
        note "$fault at call $call: the collector waits for another restore"
        exits 0 pacewatch restore "$site" "$work/backup" --lang en
        start_collector
    fi
    wait_for 60 "everything in the ledger again: $fault at call $call" nothing_missing
}

calls_restore() {
    start_all
    give_all
    wait_for 30 "all receipts" all_answered
    back_up
    give_all
    wait_for 30 "all receipts" all_answered
    every_call "${1:-1}" restore_with_fault
}

# ---- memory ----

# Every allocation since main() fails once, and from then on (PROTOCOL T2).
memory_kinds=("memory ENOMEM 0" "memory ENOMEM 1")

# Start, import, sending, receipts.
allocations_agent() {
    fault_kinds=("${memory_kinds[@]}")
    calls_agent "${1:-5}"
}

# Start, a file, archives.
allocations_collector() {
    fault_kinds=("${memory_kinds[@]}")
    calls_collector "${1:-5}"
}

# A picture may lack what a library could not draw and did not tell of.
poor_pictures=0
is_poor_picture() {
    [[ $is_drawing && $(<"$work/count") =~ \ lib[a-z]+[^\ ]*\.so ]] || return 1
    poor_pictures=$((poor_pictures + 1))
}

# read_with_fault: runs $reading. What it prints is what it prints with memory, or it ends in words.
read_with_fault() {
    local code=0
    faulty_setting "$work" "${reading[0]}"
    timeout -s KILL 10 "${with_fault[@]}" "${reading[@]}" >"$work/got" 2>"$work/words" || code=$?
    if ((call == 0)); then
        same "exit code of ${reading[*]}" 0 "$code"
        cp -- "$work/got" "$work/expected"
    elif ((code == 0)); then
        cmp -s "$work/got" "$work/expected" || is_poor_picture || fail "${reading[*]}: something else is said at allocation $call: $(<"$work/count") (seed $seed)"
    elif ! is_librarys_end "$code"; then
        ((code < 128)) || fail "${reading[*]} crashed ($code) at allocation $call: $(<"$work/count") (seed $seed)"
        [[ -s $work/words || -s $work/got ]] || fail "${reading[*]} ended with $code and no word at allocation $call: $(<"$work/count") (seed $seed)"
    fi
} 2>/dev/null # where the shell tells who was killed

# A site with some files, judged, and at rest.
site_to_read() {
    fault_kinds=("${memory_kinds[@]}")
    start_all
    give_all 3
    wait_for 30 "all receipts" all_answered
    settled
    for name in "${publishers[@]}" collector; do stop "$name"; done
}

allocations_cli() {
    local amount=${1:-5} verb
    site_to_read
    for verb in publishers targets "history wuxing lowef-enterprises" verdicts alerts fsck; do
        read -ra verb <<<"$verb"
        reading=("$PACEWATCH_BIN/pacewatch" "${verb[0]}" "$site" "${verb[@]:1}" --format csv)
        each_call "$amount" read_with_fault
    done
    verdict "$amount" "$tried faults tried, $library_ends ended in a library"
}

allocations_graph() {
    local amount=${1:-5} format archive
    is_drawing=yes
    site_to_read
    archive=$(csv "$site/rrd/series.csv" archive area=wuxing indicator=lowef-enterprises)
    for format in svg png; do
        printf '{ "format": "%s", "lang": "zh-CN", "archive": "%s", "from": "2000-01-01", "to": "2001-12-31", "title": "%s", "area": "%s",
            "unit": "家", "decimals": 0, "cumulation": "YTD", "kind": "V", "simulated": false, "facts": [],
            "points": [ { "from": "2000-01-01", "to": "2000-02-01", "label": "2000-01", "value": "980", "level": "warn", "status": "A",
            "simulated": false } ], "targets": [] }' "$format" "$archive" 低效企业整治 吴兴 >"$work/request.json"
        reading=("$PACEWATCH_BIN/pacewatch-graph" --archives "$site/rrd" --request "$work/request.json")
        each_call "$amount" read_with_fault
    done
    verdict "$amount" "$tried faults tried, $library_ends ended in a library, $poor_pictures pictures lacked something"
}
