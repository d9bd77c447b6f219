# shellcheck shell=bash disable=SC2034,SC2154 # what lib.sh and faults.sh set and use
# SPDX-License-Identifier: GPL-3.0-or-later
# Disks that are full, not writable, or lose their power (PROTOCOL T4, T5). Small file systems of our own need root; without, these
# scenarios say so and are skipped.

mounts=()
unmount_all() {
    local folder
    for folder in "${mounts[@]}"; do umount -l -- "$folder" 2>/dev/null || true; done
}
# shellcheck disable=SC2154 # code is set where it runs
trap 'code=$?; unmount_all; on_exit $code' EXIT

# small_disk KIND FOLDER [MIB]: mounts a tmpfs, or the ext4 image $image by a loop device.
small_disk() {
    local kind=$1 folder=$2 size=${3:-48}M
    image=$work/disk.img
    mkdir -p -- "$folder"
    if ((EUID != 0)); then skip "mounting a small $kind needs root"; fi
    if [[ $kind == tmpfs ]]; then
        mount -t tmpfs -o "size=$size" tmpfs "$folder" || skip "this machine mounts no tmpfs"
    else
        truncate -s "$size" "$image"
        mkfs.ext4 -q -m 0 "$image" || skip "no mkfs.ext4"
        mount -o loop "$image" "$folder" || skip "this machine has no loop devices"
        rmdir -- "$folder/lost+found"
    fi
    mounts+=("$folder")
}

# fill FOLDER: until nothing more goes, to the last block. free_again FOLDER: as before.
fill() {
    local part
    mkdir -p -- "$1/.fillers"
    cat /dev/zero >"$1/.fillers/all" || true
    sync -f "$1" # ext4 counts exactly only afterwards
    for ((part = 0; part < 100; part++)); do head -c 1024 /dev/zero >"$1/.fillers/$part" || true; done
} 2>/dev/null
free_again() { rm -rf -- "$1/.fillers"; }

# fill_inodes FOLDER: until there can be no more files.
fill_inodes() {
    mkdir -p -- "$1/.fillers"
    local i=0
    while true >"$1/.fillers/$i"; do i=$((i + 1)); done
} 2>/dev/null

# pages_answer: the collector still serves readers; counts those that did not get it.
pages_asked=0 pages_failed=0
pages_answer() {
    local path
    for path in / /area/wuxing /area/wuxing/land-freed "/api/v1/observations?area=wuxing&indicator=land-freed" /metrics; do
        pages_asked=$((pages_asked + 1))
        http_get "$path" "$work/page" && [[ $http_status == 200 ]] || { pages_failed=$((pages_failed + 1)); note "$path: $http_status"; }
    done
}

# says NAME TEXT: its log has a line with it since $log_lines.
says() { tail -n "+$((log_lines + 1))" "$work/$1.log" | grep -qF -- "$2"; }
log_lines=0
from_here() { log_lines=$(wc -l <"$work/$1.log"); }

# full_agent AMOUNT KIND: the agent's disk is full; files stay in the inbox, and go on by themselves. Every other time it is started
# anew while it is full.
full_agent() {
    local amount=${1:-2} kind=${2:-tmpfs} round disk=$work/agents
    publishers=(wuxing)
    small_disk "$kind" "$disk"
    start_all
    for ((round = 1; round <= amount; round++)); do
        make_files wuxing 6
        mkdir -p -- "$(home wuxing)/.new"
        mv -- "${made[@]}" "$(home wuxing)/.new/"
        fill "$disk"
        from_here wuxing
        for name in "$(home wuxing)/.new"/*.csv; do mv -- "$name" "$(home wuxing)/inbox/"; done
        wait_for 20 "the agent to say that its disk is full" says wuxing "No space left"
        if ((round % 2 == 0)); then
            kill_hard wuxing
            start_agent wuxing
            pause 200
            is_running wuxing || unset "pid[wuxing]" # a service manager would start it again and again
        fi
        still_right
        before=$(receipts)
        now_ms
        struck=$now
        free_again "$disk"
        [[ ${pid[wuxing]:-} ]] || start_agent wuxing
        recovered "$before" "$struck" 30
        wait_for 30 "all receipts, with space" all_answered
    done
    finish "$amount" "$kind"
}
full_agent_tmpfs() { full_agent "${1:-2}" tmpfs; }
full_agent_ext4() { full_agent "${1:-2}" ext4; }

# full_collector AMOUNT KIND [FILL]: the collector's disk is full; agents wait, readers are served, and all goes on by itself.
full_collector() {
    local amount=${1:-2} kind=${2:-tmpfs} fill=${3:-fill} round disk=$work/disk
    site="$disk/a site"
    small_disk "$kind" "$disk" 256 # more than all rounds take
    rows=400
    start_all
    for ((round = 1; round <= amount; round++)); do
        "$fill" "$disk"
        from_here collector
        give_all 6
        if [[ $fill == fill ]]; then
            wait_for 20 "the collector to say that its disk is full" says collector "nothing was stored"
        fi
        pages_answer
        if ((round % 2 == 0)); then
            kill_hard collector
            start collector "$PACEWATCH_BIN/pacewatch-collector" "$site"
            wait_for 30 "the collector to be ready or to end" is_ready_or_dead
            if is_running collector; then pages_answer; else unset "pid[collector]"; fi
        fi
        still_right
        before=$(receipts)
        now_ms
        struck=$now
        free_again "$disk"
        [[ ${pid[collector]:-} ]] || start_collector
        recovered "$before" "$struck" 30
        wait_for 60 "all receipts, with space" all_answered
    done
    finish "$amount" "$kind, $pages_failed of $pages_asked pages failed"
    ((pages_failed * 100 <= pages_asked)) || fail "$pages_failed of $pages_asked pages failed while the disk was full"
}
full_collector_tmpfs() { full_collector "${1:-2}" tmpfs; }
full_collector_ext4() { full_collector "${1:-2}" ext4; }
no_inodes() { full_collector "${1:-2}" ext4 fill_inodes; }

# RLIMIT_FSIZE on both: no file may grow; then it may.
file_size() {
    local amount=${1:-2} round name
    start_all
    give_all
    wait_for 20 "the first receipts" all_answered
    for ((round = 1; round <= amount; round++)); do
        for name in collector "${publishers[@]}"; do prlimit --pid "${pid[$name]}" --fsize=16384:unlimited; done
        give_all 4
        draw 400
        pause "$drawn"
        for name in collector "${publishers[@]}"; do is_running "$name" || fail "$name died of RLIMIT_FSIZE"; done
        still_right
        before=$(receipts)
        now_ms
        struck=$now
        for name in collector "${publishers[@]}"; do prlimit --pid "${pid[$name]}" --fsize=unlimited:unlimited; done
        recovered "$before" "$struck" 30
        wait_for 60 "all receipts, without the limit" all_answered
    done
    finish "$amount"
}

# A disk that cannot be written: both refuse to start, in words, and nothing has changed when it can.
read_only() {
    local amount=${1:-2} round
    small_disk ext4 "$work/agents"
    site="$work/agents/.site/a site"
    start_all
    for ((round = 1; round <= amount; round++)); do
        give_all 2
        kill_hard wuxing
        kill_hard anji
        kill_hard collector
        mount -o remount,ro "$work/agents"
        exits 1 agent "$(home wuxing)" --drain
        has "the agent's words" "Read-only" "$work/said"
        exits 1 "$PACEWATCH_BIN/pacewatch-collector" "$site"
        mount -o remount,rw "$work/agents"
        before=$(receipts)
        now_ms
        struck=$now
        start_collector
        start_agents
        recovered "$before" "$struck"
    done
    finish "$amount"
}

# give_synced PUBLISHER COUNT: who drops files has them on the disk before the power goes.
give_synced() {
    local one=$1 name
    make_files "$one" "$2"
    mkdir -p -- "$(home "$one")/.new"
    mv -- "${made[@]}" "$(home "$one")/.new/"
    sync -- "$(home "$one")/.new"/*
    for name in "$(home "$one")/.new"/*.csv; do mv -- "$name" "$(home "$one")/inbox/"; done
    sync -- "$(home "$one")/inbox"
}

# power_cut AMOUNT [agent|collector|both]: the file system stops on the spot, under load; its journal too. No manual step mends it.
# That the cut is one is seen by a file that nobody synced. The programs stand still first: with the power their processors go too, and a
# file system that is shut down may call a sync done that was under way.
power_cut() {
    local amount=${1:-2} whose=${2:-both} round one name disk=$work/agents cut_off unsynced_lost=0
    [[ $whose != collector ]] || disk=$work/site
    small_disk ext4 "$disk" 1024
    [[ $whose == agent ]] || site="$disk/.site/a site"
    start_all
    sync
    cut_off=(collector "${publishers[@]}")
    [[ $whose != agent ]] || cut_off=("${publishers[@]}")
    [[ $whose != collector ]] || cut_off=(collector)
    for ((round = 1; round <= amount; round++)); do
        draw 4
        for one in "${publishers[@]}"; do give_synced "$one" $((drawn + 2)); done
        draw 60
        pause "$drawn"
        echo "not synced" >"$disk/.unsynced.$round"
        for name in "${cut_off[@]}"; do kill -STOP "${pid[$name]}"; done
        "$PACEWATCH_TOOLS/shutdown_disk" "$disk" || skip "this file system cannot be shut down"
        now_ms
        struck=$now
        for name in "${cut_off[@]}"; do kill_hard "$name"; done
        umount -- "$disk"
        mount -o loop -- "$image" "$disk"
        [[ -s $disk/.unsynced.$round ]] || unsynced_lost=$((unsynced_lost + 1))
        if [[ $whose != agent ]]; then start_collector; fi
        if [[ $whose != collector ]]; then start_agents; fi
        before=$(receipts)
        recovered "$before" "$struck"
        still_right
    done
    ((unsynced_lost > 0)) || fail "no cut lost what was not synced: this run proves nothing"
    finish "$amount" "power of $whose; what nobody synced was lost in $unsynced_lost"
}
power_cut_agent() { power_cut "${1:-2}" agent; }
power_cut_collector() { power_cut "${1:-2}" collector; }
