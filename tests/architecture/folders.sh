#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every folder at the top of the tree is named in ARCHITECTURE.md, as `name/`.
#
#   folders.sh ROOT
set -euo pipefail
cd -- "$1"
failed=0
for folder in .[a-z]*/ */; do
    case $folder in
        .git/ | build/ | var/) continue ;;
        '.[a-z]*/') continue ;;
    esac
    if ! grep -qE "(^|[^A-Za-z0-9._/-])${folder//./\\.}" ARCHITECTURE.md; then
        echo "FAIL: ARCHITECTURE.md does not name $folder"
        failed=1
    fi
done
((failed == 0)) && echo "every folder is named"
