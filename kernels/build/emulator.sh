#!/bin/bash
# emulator.sh OUT: builds the kernels for the emulator, and the programs that try them, as far as they are out of date.
#   OUT/plain/   libespalier_kernels.so, kernel-driver
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# All objects first, so that no compiler waits for a linker.
OBJECTS=(); compile driver -- "${DRIVER[@]}"; driver=("${OBJECTS[@]}")
OBJECTS=(); compile plain/objects -- "${SIMT[@]}" "${KERNELS[@]}"; plain=("${OBJECTS[@]}")
finish

link plain/libespalier_kernels.so -shared -Wl,-soname,libespalier_kernels.so -Wl,-z,defs "${plain[@]}" -lpthread
link plain/kernel-driver "${driver[@]}" "$OUT/plain/libespalier_kernels.so" '-Wl,-rpath,$ORIGIN'
