#!/bin/bash
# driver.sh OUT: brings OUT/kernel-driver up to date, which runs every kernel of OUT/libespalier_kernels.so on a GPU and compares
# it with plain loops.
set -euo pipefail
"$(dirname "$0")/nvcc.sh" "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
. build/objects.sh

# The driver holds no kernel: one target is enough, and it serves them all.
objects "$out/driver" -O2 -std=c++17 -x cu -arch=sm_80 -I src/main/cuda -I src/test/driver -- src/test/driver/*.cpp

driver=$out/kernel-driver
if outdated "$driver" "${stems[@]}"; then
  echo "Linking $driver"
  nvcc --cudart static "${stems[@]/%/.o}" -L "$out" -lespalier_kernels -Xlinker '-rpath=$ORIGIN' -o "$driver"
fi
