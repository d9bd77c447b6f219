#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Does includes.sh see a violation? Each row is a file with one #include, and what must be said about it.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf -- "$tree"' EXIT
failed=0

# row good|bad FILE INCLUDE: a tree with only this file.
row() {
    local want=$1 file=$2 include=$3 got=good said
    rm -rf -- "${tree:?}"/*
    mkdir -p -- "$tree"/{core,proto,platform,agent,graphs,web,collector,cli} "$tree/$(dirname -- "$file")"
    printf '/* a comment */\n#include %s\n' "$include" >"$tree/$file"
    [[ $file != core/*.c ]] || echo '#include "core/pure.h"' >>"$tree/$file"
    said=$(bash "$here/includes.sh" "$tree") || got=bad
    if [[ $got != "$want" || ($want == bad && $said != "$file:2: "*) ]]; then
        echo "FAIL: $file with #include $include: expected $want, got $got: $said"
        failed=1
    fi
}

row good core/a.c '<string.h>'
row good core/a.c '"core/err.h"'
row bad core/a.c '<time.h>'
row bad core/a.c '<unistd.h>'
row bad core/a.h '"platform/clock.h"'
row good proto/a_pb.c '<protobuf-c/protobuf-c.h>'
row good proto/a_pb.c '"pacewatch.pb-c.h"'
row bad proto/a.c '"pacewatch.pb-c.h"'
row bad proto/a.c '"platform/file.h"'
row good platform/bus_zmq_zap.c '<zmq.h>'
row bad platform/clock.c '<zmq.h>'
row bad platform/a.c '"proto/wire.h"'
row good agent/a.c '"proto/wire.h"'
row bad agent/a.c '"collector/ledger.h"'
row bad agent/a.c '  <sqlite3.h>'
row bad graphs/a.c '"platform/file.h"'
row good graphs/draw_rrd.c '<rrd.h>'
row bad graphs/draw.h '<rrd.h>'
row good collector/ledger/db.h '<sqlite3.h>'
row bad collector/view.c '<sqlite3.h>'
row bad collector/ledger/deeper/db.c '<sqlite3.h>'
row bad collector/a.c '"agent/spool.h"'
row bad collector/a.c '"graphs/picture.h"'
row good collector/a.c '"web/static_files.h"'
row bad collector/a.c '"web/other.h"'
row bad collector/a.c '"cli/verbs.h"'
row bad cli/a.c '"agent/spool.h"'
row bad cli/a.c '"../agent/spool.h"'
row bad cli/a.c '"words.h"'
row bad cli/a.c '"tests/fakes/clock.h"'
row bad collector/a.c '<glib.h>'

rm -rf -- "${tree:?}"/*
mkdir -p -- "$tree"/{core,proto,platform,agent,graphs,web,collector,cli}
echo '#include <string.h>' >"$tree/core/a.c"
if bash "$here/includes.sh" "$tree" >/dev/null; then
    echo "FAIL: a core/a.c without core/pure.h was not seen"
    failed=1
fi
rm -f -- "$tree/core/a.c"
if bash "$here/includes.sh" "$tree" >/dev/null; then
    echo "FAIL: a tree without sources passed"
    failed=1
fi
((failed == 0)) && echo "every planted violation was seen, every allowed include was let through"
