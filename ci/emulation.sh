#!/bin/bash
# Every kernel under emulation: race-checked in both orders of the threads, planted mistakes, ASan and UBSan. Needs g++.
set -euo pipefail
cd "$(dirname "$0")/.."
out=kernels/target/simt
kernels/build/emulator.sh "$out"
for order in forward reverse; do
  echo "threads in $order order"
  for form in plain race; do
    ESPALIER_SIMT_ORDER=$order "$out/$form/kernel-driver" | tail -n 1
    ESPALIER_SIMT_ORDER=$order "$out/$form/canaries" | tail -n 1
  done
done
kernels/build/sanitizers.sh "$out"
