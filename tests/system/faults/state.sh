# shellcheck shell=bash disable=SC2034,SC2154 # what lib.sh and faults.sh set and use
# SPDX-License-Identifier: GPL-3.0-or-later
# Folders that are damaged, gone, copied, or set back (PROTOCOL T7, T11, T14).

# damage FILE: a random one of the harms that disks and people do, at a random place; its words to $harm. Where
# most of a file is zeros yet to be written, the place lies in what is not.
damage() {
    local file=$1 size used offset byte kinds=(flip zero noise truncate append remove)
    size=$(stat -c %s -- "$file")
    used=$(tr -d '\000' <"$file" | wc -c)
    draw ${#kinds[@]}
    harm=${kinds[drawn]}
    draw $((used > 0 ? used : 1))
    offset=$drawn
    draw 8
    byte=$(od -An -tu1 -j "$offset" -N 1 -- "$file")
    case $harm in
        flip) printf '%b' "$(printf '\\0%o' $((byte ^ 1 << drawn)))" | overwrite "$file" "$offset" ;; # one bit
        zero) head -c 512 /dev/zero | overwrite "$file" "$offset" ;;
        noise) oracle noise "$RANDOM" 512 | overwrite "$file" "$offset" ;;
        truncate) truncate -s "$offset" -- "$file" ;;
        append) oracle noise "$RANDOM" 700 >>"$file" ;;
        remove) rm -- "$file" ;;
    esac
    harm="$harm at $offset of $size: ${file##*/}"
}
overwrite() { dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }

# ---- the agent ----

# Draws one of the spool's files, every other time a segment.
spool_file() {
    local files
    draw 2
    mapfile -t files < <(find "$(home wuxing)/spool" -type f -name "$( ((drawn)) && echo '*.seg' || echo '*')" | sort)
    draw ${#files[@]}
    spool_file=${files[drawn]}
}

# damaged_spool AMOUNT: part delivered, part not; harm; a start, which must neither crash nor hang. What is lost was said, and comes
# back with the files it was in: nothing is taken for delivered that is not.
damaged_spool() {
    local amount=${1:-3} round told=0 lost=0 file before_missing
    publishers=(wuxing)
    make_site
    enrol wuxing
    start_collector
    for ((round = 1; round <= amount; round++)); do
        give wuxing 2
        drain wuxing 30
        setting "$(home wuxing)/agent.yaml" collector "tcp://127.0.0.1:$http_port" # nobody there speaks the protocol
        give wuxing 3
        start_agent wuxing
        wait_for 30 "the files in the spool" test ! -e "$(home wuxing)/inbox/$(basename -- "${made[-1]}")"
        kill_hard wuxing
        setting "$(home wuxing)/agent.yaml" collector "tcp://127.0.0.1:$bus_port"
        : >"$work/wuxing.log"
        spool_file
        damage "$spool_file"
        start wuxing "$PACEWATCH_BIN/pacewatch-agent" "$(home wuxing)" --drain
        quiet_wait 30 is_gone wuxing || fail "the agent hangs after $harm (seed $seed)"
        ended wuxing 1
        ((ended_code <= 1)) || fail "the agent ended with $ended_code after $harm (seed $seed)"
        ((ended_code == 0)) || rm -rf -- "$(home wuxing)/spool" # what it refuses with words, people remove
        ask || { cat "$work/findings"; fail "$harm: $(<"$work/counts") (seed $seed)"; }
        if ((counts[missing] > 0)); then
            lost=$((lost + 1))
            grep -qE ' (warning|error) ' "$work/wuxing.log" || fail "$harm: values are lost and nobody said so (seed $seed)"
        fi
        ! grep -qE ' (warning|error) ' "$work/wuxing.log" || told=$((told + 1))
        while read -r file; do # by hand, as the words ask for
            cp -p -- "$work/given/$file" "$(home wuxing)/inbox/"
        done < <(comm -23 <(find "$work/given" -type f -printf '%f\n' | sort) <(answered "$(home wuxing)"))
        drain wuxing 30
        ask || { cat "$work/findings"; fail "$harm: $(<"$work/counts") (seed $seed)"; }
        ((counts[missing] == 0)) || fail "$harm: files given again did not arrive: $(<"$work/counts") (seed $seed)"
    done
    finish "$amount" "$told told, $lost needed a file again"
}

# A segment is set back to before its last file, as a disk does that confirms what it does not keep. Nothing in the spool tells of it: the
# file in done/ has no receipt, and comes back by itself; those with a receipt, also a second one of the same name and one that came
# twice, and those still in the spool, do not.
spool_set_back() {
    local amount=${1:-2} round segment
    publishers=(wuxing)
    make_site
    enrol wuxing
    start_collector
    give wuxing
    drop wuxing "$work/given/wuxing-000000.csv" twice.csv
    drain wuxing 30
    make_files wuxing 1
    cp -p -- "${made[0]}" "$(home wuxing)/inbox/twice.csv"
    rm -- "${made[0]}"
    drain wuxing 30
    rm -rf -- "$(home wuxing)/spool" # it knows nothing any more
    for ((round = 1; round <= amount; round++)); do
        give wuxing
        drain wuxing 30
        setting "$(home wuxing)/agent.yaml" collector "tcp://127.0.0.1:$http_port" # nobody there speaks the protocol
        spool_only
        segment=$(find "$(home wuxing)/spool" -name '*.seg')
        cp -- "$segment" "$work/segment"
        spool_only
        cp -- "$work/segment" "$segment"
        setting "$(home wuxing)/agent.yaml" collector "tcp://127.0.0.1:$bus_port"
        drain wuxing 30
        ask || true
        same "values missing" 0 "${counts[missing]}"
        same "files that came back" "$round" "$(grep -c 'brought back' "$work/wuxing.log")"
    done
    finish "$amount"
}

# A file that goes into the spool and no further.
spool_only() {
    give wuxing
    start_agent wuxing
    wait_for 30 "the file in the spool" test ! -e "$(home wuxing)/inbox/$(basename -- "${made[0]}")"
    kill_hard wuxing
}

# quiet_wait SECONDS COMMAND...: as wait_for, but it only fails.
quiet_wait() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.05 # between two looks
    done
}

# The home is gone but for its keys and settings; all files are put into the inbox again.
reinstalled() {
    local amount=${1:-3} round file
    start_all
    for ((round = 1; round <= amount; round++)); do
        give_all 4
        draw 60
        pause "$drawn"
        kill_hard wuxing
        rm -rf -- "$(home wuxing)"/{spool,inbox,done,receipts,rejected,lock,status.txt}
        before=$(receipts)
        now_ms
        struck=$now
        start_agent wuxing
        wait_for 10 "the new inbox" test -d "$(home wuxing)/inbox"
        for file in "$work"/given/wuxing-*; do cp -p -- "$file" "$(home wuxing)/.new/"; done
        mv -t "$(home wuxing)/inbox" -- "$(home wuxing)/.new"/*.csv 2>/dev/null || true # some are taken at once
        recovered "$before" "$struck"
        wait_for 60 "all receipts" all_answered
    done
    finish "$amount"
}

# One home copied; both go on with files of their own: one after the other, then at once.
cloned() {
    local amount=${1:-3} round clone
    start_all
    give wuxing # so that there is a stream to copy
    wait_for 30 "the first receipt" all_answered
    for ((round = 1; round <= amount; round++)); do
        give wuxing 3
        draw 60
        pause "$drawn"
        kill_hard wuxing
        clone=$work/agents/clone.$round
        cp -r -- "$(home wuxing)" "$clone"
        rm -f -- "$clone"/inbox/*
        give wuxing 2 "$clone"
        give wuxing 2
        before=$(receipts)
        now_ms
        struck=$now
        start_agent wuxing
        if ((round % 2)); then wait_for 60 "the receipts of the first" quiet_inbox "$(home wuxing)"; fi
        start_agent clone "$clone"
        recovered "$before" "$struck"
        wait_for 90 "the receipts of both" both_answered "$clone"
        stop clone
    done
    forks_told "$amount"
    finish "$amount"
}

# forks_told AMOUNT: people were told of every one.
forks_told() {
    local told
    told=$(cat "$work"/*.log | grep -c ' fork: ') || true
    ((told >= $1)) || fail "$1 forks, and only $told were told (seed $seed)"
}

# Every file that a home has taken has its receipt there. (A file that came again has its hash in its name.)
quiet_inbox() {
    [[ ! $(comm -23 <(find "$1/inbox" "$1/done" -name '*.csv' -printf '%f\n' | sed -E 's/\.[0-9a-f]{8}\.csv$/.csv/' | sort -u) \
        <(answered "$1")) ]]
}
both_answered() { quiet_inbox "$1" && quiet_inbox "$(home wuxing)"; }

# The agent's disk is set back to an old copy, while the collector went on.
restored_agent() {
    local amount=${1:-3} round
    start_all
    give wuxing # so that there is a stream to set back
    wait_for 30 "the first receipt" all_answered
    for ((round = 1; round <= amount; round++)); do
        give wuxing 3
        draw 60
        pause "$drawn"
        kill_hard wuxing
        rm -rf -- "$work/copy"
        cp -r -- "$(home wuxing)" "$work/copy"
        start_agent wuxing
        give wuxing 3
        wait_for 60 "all receipts" quiet_inbox "$(home wuxing)"
        kill_hard wuxing
        mkdir -p -- "$work/agents/kept/receipts"
        cp -r -- "$(home wuxing)/receipts/." "$work/agents/kept/receipts/" # for the oracle: they were given out
        rm -rf -- "$(home wuxing)"
        cp -r -- "$work/copy" "$(home wuxing)"
        give wuxing 2
        before=$(receipts)
        now_ms
        struck=$now
        start_agent wuxing
        recovered "$before" "$struck"
        wait_for 60 "every receipt" quiet_inbox "$(home wuxing)"
    done
    forks_told "$amount"
    finish "$amount"
}

# ---- the ledger ----

# restore_ledger [BACKUP]: the good backup in place of what is there.
# shellcheck disable=SC2120 # calls.sh gives one
restore_ledger() {
    rm -f -- "$site"/ledger.db*
    exits 0 pacewatch restore "$site" "${1:-$work/backup}" --lang en
}

back_up() {
    rm -rf -- "$work/backup"
    exits 0 pacewatch backup "$site" "$work/backup" --lang en
}

nothing_missing() {
    ask && ((counts[missing] == 0))
}

# The ledger is lost under load and restored from a backup of any age; what came after it comes back from the agents.
restored_ledger() {
    local amount=${1:-3} round
    start_all
    for ((round = 1; round <= amount; round++)); do
        give_all 3
        draw 60
        pause "$drawn"
        back_up
        draw 3
        give_all $((drawn + 2))
        draw 150
        pause "$drawn"
        kill_hard collector
        restore_ledger
        now_ms
        struck=$now
        start_collector
        wait_for 90 "everything in the ledger again" nothing_missing
        took "$struck"
        still_right
    done
    finish "$amount"
}

# What fsck finds wrong in the ledger; archives are drawn again anyway.
ledger_is_right() {
    pacewatch fsck "$site" --format csv >"$work/fsck.csv" || true
    [[ ! $(csv "$work/fsck.csv" check weight=wrong | grep -vx archives) ]]
}

# damaged_ledger AMOUNT: harm to the ledger's files, after a clean or a hard end. The collector mends it, or refuses it in words; a
# damage that SQLite cannot see (it keeps no checksums) is found by fsck (the hash chain) or by the oracle only, and the backup mends
# that too.
damaged_ledger() {
    local amount=${1:-3} round files refused=0 mended=0 unseen=0
    start_all
    for ((round = 1; round <= amount; round++)); do
        give_all 2
        wait_for 90 "all receipts" all_answered
        back_up
        give_all 2
        wait_for 60 "all receipts" all_answered
        if ((round % 2)); then stop collector; else kill_hard collector; fi
        mapfile -t files < <(find "$site" -maxdepth 1 -name 'ledger.db*' | sort)
        draw ${#files[@]}
        damage "${files[drawn]}"
        now_ms
        struck=$now
        start collector "$PACEWATCH_BIN/pacewatch-collector" "$site"
        if ! quiet_wait 30 is_ready_or_dead; then fail "the collector hangs after $harm (seed $seed)"; fi
        if is_running collector && ! { quiet_wait 15 nothing_missing && ledger_is_right; }; then
            unseen=$((unseen + 1))
            note "not seen by the collector: $harm"
            kill_hard collector
        elif is_gone collector; then
            ended collector 1
            ((ended_code == 1)) || fail "the collector ended with $ended_code after $harm (seed $seed)"
            refused=$((refused + 1))
        else
            mended=$((mended + 1))
        fi
        if [[ ! ${pid[collector]:-} ]]; then
            restore_ledger
            start_collector
            wait_for 90 "everything in the ledger again" nothing_missing
        fi
        took "$struck"
        still_right
    done
    finish "$amount" "$refused refused, $mended mended by itself, $unseen not seen"
}

# ---- the archives ----

archive_sums() { (cd -- "$site/rrd" && find . -name '*.rrd' -exec sha256sum {} + | sort -k 2); }

# Archives, their index or their checkpoint are harmed or gone; `pacewatch rebuild` draws them again from the ledger, to the byte.
damaged_archives() {
    local amount=${1:-3} round harms number files
    make_site
    enrol wuxing
    start_collector
    give wuxing 3
    drain wuxing
    settled
    archive_sums >"$work/before"
    for ((round = 1; round <= amount; round++)); do
        if ((round % 2)); then stop collector; else kill_hard collector; fi
        draw 5
        harms=$((drawn + 1))
        for ((number = 0; number < harms; number++)); do
            mapfile -t files < <(find "$site/rrd" -type f | sort)
            draw ${#files[@]}
            damage "${files[drawn]}"
        done
        exits 0 pacewatch rebuild "$site"
        start_collector
        settled
        archive_sums >"$work/after"
        cmp -- "$work/before" "$work/after" || fail "the archives are not as they were after $harm (seed $seed)"
    done
    finish "$amount"
}
