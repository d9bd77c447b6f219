#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The example of docs/archives.md, as a user would type it: each command's output is the one printed there.
command -v rrdtool >/dev/null || { echo "SKIPPED: no rrdtool on this machine (apt install rrdtool)"; exit 77; }
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

make_site
enrol wuxing
cat >"$work/half.csv" <<'FEED'
area,indicator,period,value,released
wuxing,land-freed,2023-03,310,2023-04-12
wuxing,land-freed,2023-04,500,2023-05-12
wuxing,land-freed,2023-05,650,2023-06-12
wuxing,land-freed,2023-05,700,2023-06-20
wuxing,land-freed,2023-06,980,2023-07-12
FEED
start_collector
drop wuxing "$work/half.csv"
drain wuxing
settled

# The commands ("$ ...", continued lines behind a "\") and what stands below each, up to the next one or the block's end.
awk '/^## An example/ { on = 1; next } /^## / { on = 0 } on && /^    / { print substr($0, 5) }' "$PACEWATCH_ROOT/docs/archives.md" >"$work/session"
(($(grep -c '^\$ ' "$work/session") >= 5)) || fail "docs/archives.md has lost its example"
{
    printf 'set -e\ncd %q\nsite=%q\n' "$work" "$site"
    awk -v mark="@@@" '/^\$ / { print "echo " mark; print substr($0, 3); more = /\\$/; next } more { print; more = /\\$/ }' "$work/session"
} >"$work/commands"
env -u TZ bash "$work/commands" >"$work/printed" || fail "a command of docs/archives.md failed"
awk '/^\$ / { print "@@@"; more = /\\$/; next } more { more = /\\$/; next } { print }' "$work/session" >"$work/wanted"
sed -i -E 's/[[:space:]]*$//; /^$/d; s/^[0-9]+x[0-9]+$/the size depends on the fonts/' "$work/wanted" "$work/printed"
diff -u "$work/wanted" "$work/printed" || fail "docs/archives.md says something else"
[[ $(head -c 4 "$work/year.png" | tail -c 3) == PNG ]] || fail "no picture"
note "$(grep -c '^\$ ' "$work/session") commands say what the page says"
stop collector
