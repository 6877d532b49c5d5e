#!/bin/bash
# nvcc.sh OUT: brings OUT/libespalier_kernels.so up to date, one library for all GPUs from sm_75 up, and OUT/ptxas.txt, what each
# kernel needs of them. Compiles only what changed.
set -euo pipefail
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
. build/objects.sh

# Machine code for those that this nvcc knows; newer GPUs compile the PTX of the highest when they load it. ESPALIER_TARGETS="90"
# builds for that one only, in a quarter of the time.
known=$(nvcc --list-gpu-code)
codes=() names=
for target in ${ESPALIER_TARGETS:-75 80 90 100 120}; do
  if grep -qx "sm_$target" <<< "$known"; then
    codes+=(-gencode "arch=compute_$target,code=sm_$target")
    names+="sm_$target "
    highest=$target
  fi
done
codes+=(-gencode "arch=compute_$highest,code=compute_$highest")

# No contraction: a fused multiply-add is written out where one is meant, and the emulator then gives the same bits.
objects "$out/objects" -O3 -std=c++17 -fmad=false "${codes[@]}" -t2 -Xptxas -v -Xcompiler -fPIC,-fvisibility=hidden \
  -I src/main/cuda "-DESPALIER_TARGETS=\"${names}compute_$highest\"" -- src/main/cuda/*.cu

library=$out/libespalier_kernels.so
if outdated "$library" "${stems[@]}"; then
  echo "Linking $library for ${names}compute_$highest"
  # Static cudart, its symbols hidden: the library loads without a driver and beside any other CUDA runtime.
  nvcc -shared --cudart static "${codes[@]}" -Xlinker -soname=libespalier_kernels.so -Xlinker --exclude-libs=ALL \
    "${stems[@]/%/.o}" -o "$library"
  cat "${stems[@]/%/.log}" > "$out/ptxas.txt"
fi
