#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every shell script of the tree can be read by bash. (./check analyze runs shellcheck on them.)
#
#   scripts.sh ROOT
set -euo pipefail
cd -- "$1"
failed=0 count=0
mapfile -t scripts < <(
    printf '%s\n' start check .ci/run
    find packaging tests -type f \( -name '*.sh' -o -name install-packages \)
)
for script in "${scripts[@]}"; do
    count=$((count + 1))
    bash -n "$script" || failed=1
done
echo "$count scripts read"
((failed == 0))
