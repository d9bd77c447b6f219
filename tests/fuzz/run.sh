#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Lets libFuzzer loose on a target, or keeps what it found: see README.md beside this file.
set -euo pipefail
cd -- "$(dirname -- "$(realpath -- "${BASH_SOURCE[0]}")")/../.."
# shellcheck source=packaging/say.sh
. packaging/say.sh

usage() {
    local targets
    targets=$(sed -n 's/^pacewatch_fuzz(\([a-z]*\) .*/\1/p' tests/fuzz/CMakeLists.txt | paste -sd' ')
    say "usage: tests/fuzz/run.sh TARGET SECONDS [LIBFUZZER-OPTION...]
       tests/fuzz/run.sh --keep TARGET
targets: $targets" \
        "用法：tests/fuzz/run.sh 目标 秒数 [libFuzzer 选项...]
      tests/fuzz/run.sh --keep 目标
目标：$targets" >&2
    exit 2
}

mode=fuzz
[[ ${1:-} != --keep ]] || { mode=keep && shift; }
target=${1:-}
grep -q "^pacewatch_fuzz($target " tests/fuzz/CMakeLists.txt || usage
[[ $mode == keep || ${2:-} =~ ^[0-9]+$ ]] || usage

packaging/install-packages build run test fuzz
[[ -e build/fuzz/build.ninja ]] || cmake --preset fuzz >/dev/null
ninja -C build/fuzz "fuzz_$target" >/dev/null
corpus=build/fuzz/corpus/$target
findings=build/fuzz/findings/$target
seeds=tests/fuzz/seeds/$target
mkdir -p "$corpus" "$findings"

# Files that a target writes lie in memory.
export TMPDIR
TMPDIR=$(mktemp -d -p /dev/shm pacewatch-fuzz-XXXXXX)
trap 'rm -rf -- "$TMPDIR"' EXIT

if [[ $mode == keep ]]; then
    # Out of the corpus only what reaches code that the seeds do not.
    "build/fuzz/tests/fuzz_$target" -set_cover_merge=1 -use_counters=0 "$seeds" "$corpus"
else
    "build/fuzz/tests/fuzz_$target" -max_total_time="$2" -timeout=10 -print_final_stats=1 -artifact_prefix="$findings/" \
        "${@:3}" "$corpus" "$seeds"
fi
