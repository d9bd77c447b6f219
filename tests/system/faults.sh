#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The real programs under real faults. One scenario, as often as AMOUNT says; its line says what became of every value given: lost,
# doubled, alien, and how long anybody waited after a fault. What the scenarios are is told in faults/*.sh.
#
#   tests/system/faults.sh SCENARIO [AMOUNT]                      the programs of build/dev, or of $PACEWATCH_BIN
#   PACEWATCH_SEED=N tests/system/faults.sh SCENARIO [AMOUNT]     a run again
#
# Exit codes: 0 all is well, 1 something is not, 77 this machine cannot (and the line says why).
here=$(dirname -- "$(realpath -- "$0")")
export PACEWATCH_ROOT=${PACEWATCH_ROOT:-${here%/tests/system}}
export PACEWATCH_BIN=${PACEWATCH_BIN:-$PACEWATCH_ROOT/build/dev/bin}
export PACEWATCH_TOOLS=${PACEWATCH_TOOLS:-$PACEWATCH_ROOT/build/dev/tests}
# shellcheck source=tests/system/lib.sh
. "$here/lib.sh"
for part in lib control kill link disk calls state clock hostile; do
    # shellcheck source=tests/system/faults/lib.sh
    . "$here/faults/$part.sh"
done
scenario=${1:?which scenario}
[[ $(type -t -- "$scenario") == function ]] || fail "no scenario $scenario"
note "$scenario, seed $seed"
"$scenario" "${@:2}"
