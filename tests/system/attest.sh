#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A claim that nothing computes (取得积极进展, 全省第一) is attested through the feed, with its evidence; taken back likewise.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

# claim NAME MONTH VALUE RELEASED NOTE: a file with one attestation, and its receipt in $work/receipt.
claim() {
    printf 'area,indicator,period,value,released,note\nhuzhou,yrd-base-progress,2023-%s,%s,%s,%s\n' "$2" "$3" "$4" "$5" >"$work/$1"
    drop huzhou "$work/$1"
    drain huzhou
    receipt huzhou "$1" >"$work/receipt.name"
    cp -- "$(receipt huzhou "$1")" "$work/receipt"
    settled
}
at() { pacewatch verdicts "$site" --at "$1" --target "$2" --format csv >"$work/v.csv" && csv "$work/v.csv" level; }

make_site
enrol huzhou
start_collector
same "before anyone says so" unknown "$(at 2023-09 b-1-1-huzhou)"

note "without evidence it is sent back"
claim bare.csv 09 1 2023-10-10 ""
same "fate" rejected "$(csv "$work/receipt" fate)"
has "what to do" "name the evidence" "$work/receipt"
same "as before" unknown "$(at 2023-09 b-1-1-huzhou)"

note "with it the first stage is reached, and not the second"
claim proven.csv 09 1 2023-10-10 "湖政发〔2023〕99号"
same "fate" accepted "$(csv "$work/receipt" fate)"
same "the claim of 2023" reached "$(at 2023-09 b-1-1-huzhou)"
same "a month before" unknown "$(at 2023-08 b-1-1-huzhou)"
same "the claim of 2025" unknown "$(at 2023-09 p-1-2-1-huzhou)"
pacewatch explain "$site" b-1-1-huzhou --at 2023-09 --lang zh-CN >"$work/explained"
has "the evidence" "说明：湖政发〔2023〕99号" "$work/explained"
page 200 "/area/huzhou/yrd-base-progress?month=2023-09&lang=zh-CN" "$work/page"
has "the page says so" "已由责任单位填报佐证" "$work/page"

note "and taken back"
claim back.csv 11 0 2023-12-10 "湖政发〔2023〕99号已撤销"
same "the claim of 2023" unknown "$(at 2023-11 b-1-1-huzhou)"
same "as known in October" reached "$(at 2023-10 b-1-1-huzhou)"
stop collector
