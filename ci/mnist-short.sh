#!/bin/sh
# The accuracy bars on real MNIST: dense LeNet-300-100 and 12x fewer parameters, both at most 1.8 % test error over three seeds.
set -eu
cd "$(dirname "$0")/.."
if [ ! -d "${ESPALIER_DATA:-/nowhere}/mnist" ]; then
  echo "mnist-short: skipped, ESPALIER_DATA does not name a directory with MNIST"
  exit 0
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
./espalier run mnist-short --out "$out/run"
awk -F, '
  $1 == "dense" || ($1 == "prune magnitude l2" && $2 == 12) {
    seen++
    printf "%s at %sx: %.2f %% test error over %d seeds (bar 1.80)\n", $1, $2, $4, $3
    if ($4 > 1.8 || $3 != 3) failed = 1
  }
  END { exit failed || seen != 2 }
' "$out/run/summary.csv"
