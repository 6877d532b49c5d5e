#!/bin/bash
# emulator.sh OUT: builds the kernels for the emulator, and the programs that try them, as far as they are out of date.
#   OUT/plain/   libespalier_kernels.so, kernel-driver, canaries
#   OUT/race/    the same with the race checker
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

CANARIES=(test/simt/canaries/*.c*)
# The compiler calls the checker in front of each access; the library that usually answers is left out.
RACE=(-DSIMT_CHECKED -fsanitize=thread --param tsan-instrument-func-entry-exit=0 -fno-builtin-mem{cpy,move,set}
    -fno-optimize-sibling-calls)

# All objects first, so that no compiler waits for a linker.
OBJECTS=(); compile driver -O2 -- "${DRIVER[@]}"; driver=("${OBJECTS[@]}")
OBJECTS=(); compile plain/objects -- "${SIMT[@]}"; plainSimt=("${OBJECTS[@]}")
OBJECTS=(); compile race/objects -DSIMT_CHECKED -- "${SIMT[@]}"; raceSimt=("${OBJECTS[@]}")
OBJECTS=(); compile plain/objects -- "${KERNELS[@]}"; plain=("${OBJECTS[@]}")
OBJECTS=(); compile race/objects "${RACE[@]}" -- "${KERNELS[@]}"; race=("${OBJECTS[@]}")
OBJECTS=(); compile plain/canary-objects -- "${CANARIES[@]}"; plainCanaries=("${OBJECTS[@]}")
OBJECTS=(); compile race/canary-objects "${RACE[@]}" -- "${CANARIES[@]}"; raceCanaries=("${OBJECTS[@]}")
finish

library() { link "$1/libespalier_kernels.so" -shared -Wl,-soname,libespalier_kernels.so -Wl,-z,defs "${@:2}" -lpthread; }
library plain "${plain[@]}" "${plainSimt[@]}"
library race "${race[@]}" "${raceSimt[@]}"
for build in plain race; do
    link "$build/kernel-driver" "${driver[@]}" "$OUT/$build/libespalier_kernels.so" '-Wl,-rpath,$ORIGIN'
done
link plain/canaries "${plainCanaries[@]}" "${plainSimt[@]}" -lpthread
link race/canaries "${raceCanaries[@]}" "${raceSimt[@]}" -lpthread
