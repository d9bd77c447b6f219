#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each header of ours compiles alone, and twice in one file (its include guard), with the warnings of the build as errors.
#
#   headers.sh ROOT BUILD COMPILER
set -euo pipefail
root=$1 build=$2 compiler=$3
cd -- "$root"
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
count=0 failed=0
while IFS= read -r header; do
    count=$((count + 1))
    printf '#include "%s"\n#include "%s"\ntypedef int not_empty;\n' "$header" "$header" >"$work/alone.c"
    if ! "$compiler" -std=c11 -D_POSIX_C_SOURCE=200809L -DPACEWATCH_VERSION='"0"' -DPACEWATCH_SOURCE_DIR='"."' -Wall -Wextra -Wpedantic -Wshadow \
        -Wstrict-prototypes -Wmissing-prototypes -Werror -fsyntax-only -I"$root" -I"$build" -I"$build/proto" \
        -x c "$work/alone.c" 2>"$work/said"; then
        echo "FAIL: $header"
        sed 's/^/    /' "$work/said"
        failed=$((failed + 1))
    fi
done < <(find core proto platform agent graphs collector cli web tests -name '*.h' ! -path 'tests/fuzz/seeds/*' | LC_ALL=C sort)
echo "$count headers, $failed failed"
((count > 0 && failed == 0))
