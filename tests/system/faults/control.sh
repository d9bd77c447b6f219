# shellcheck shell=bash disable=SC2034,SC2154 # what lib.sh and faults.sh set and use
# SPDX-License-Identifier: GPL-3.0-or-later
# Does the oracle see it? Every wrong that it looks for, done on purpose: the negative control of all other scenarios.

# sees NAME COUNT: this count, and the verdict that belongs to it.
sees() {
    local code=0 want=1
    ask || code=$?
    same "the oracle's count of $1" "$2" "${counts[$1]}"
    ((${counts[$1]} > 0)) && [[ $1 != missing ]] || want=0
    same "the oracle's exit code at $1" "$want" "$code"
}

# spoken FILE ROW...: wuxing's file of these rows is delivered.
spoken() {
    local file=$1
    shift
    printf '%s\n' area,indicator,period,value,released "$@" >"$work/$file"
    drop wuxing "$work/$file"
    wait_for 20 "the receipt of $file" has_receipt "$file"
}

oracle_sees() {
    local name first value row
    start_all
    give_all 2
    wait_for 20 "all receipts" all_answered
    sees missing 0
    sees lost 0

    stop collector
    cp -- "$site/ledger.db" "$work/old.db"
    start_collector
    give_all
    wait_for 20 "all receipts" all_answered
    stop collector
    for name in "${publishers[@]}"; do stop "$name"; done
    cp -- "$site/ledger.db" "$work/new.db"
    cp -- "$work/old.db" "$site/ledger.db"
    sees lost $((rows * ${#publishers[@]})) # acknowledged, and gone with the newer ledger
    oracle noise "$seed" 4096 | dd of="$site/ledger.db" bs=4096 seek=20 conv=notrunc status=none
    ! oracle check "$site/ledger.db" "$work/given" "$work"/agents/*/ >"$work/said" 2>&1 || fail "the oracle does not see a damaged database"
    cp -- "$work/new.db" "$site/ledger.db"
    sees lost 0

    give anji
    start_agent anji
    wait_for 20 "the file in the spool" test ! -e "$(home anji)/inbox/$(basename -- "${made[0]}")"
    kill_hard anji
    rm -r -- "$(home anji)/spool" "$(home anji)/done"
    start_collector
    drain anji
    sees missing "$rows" # lost before its delivery: never acknowledged
    sees lost 0

    start_agent wuxing
    first=$(sed -n 2p "$work/given/wuxing-000000.csv")
    value=$(cut -d, -f4 <<<"$first")
    row=${first/$value/$((value + 1))}
    spoken alien.csv "$row" # a revision that nobody gave
    sees alien 2            # its receipt, and its row
    left_aside=anji
    sees alien 2
    left_aside=wuxing
    sees alien 1 # the receipt
    left_aside=
    printf '%s\n' area,indicator,period,value,released "$row" >"$work/given/alien.csv"
    sees alien 0
    spoken again.csv "$first" # and back to the first value, which so is there twice
    sees doubled 1
    rm -- "$work"/agents/wuxing/receipts/again.csv.*
    spoken wrong.csv "wuxing,no-such-thing,2022-01,1,2023-01-15"
    ask || true
    same "the oracle's count of rejected" 2 "${counts[rejected]}" # its receipt, and its row in quarantine
    note "all of it is seen"
}
