#!/bin/bash
# ci/scaling.sh [TABLE.csv]: time and memory of `espalier run` against the number of trials, the width of a network and the number of examples,
# on real MNIST ($ESPALIER_DATA). Seconds and the largest resident memory are those of the whole program; `of the smallest` is the time above
# that of a run of one step, over that of the first row, over how much larger the row is: 1 where growth is linear.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -d "${ESPALIER_DATA:-/nowhere}/mnist" ]; then
  echo "scaling: skipped: \$ESPALIER_DATA has no MNIST"
  exit 0
fi
table=${1:-/dev/stdout}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/study.yaml" << 'YAML'
study: scaling
data: { name: mnist }
network: lenet-300-100
training: { epochs: 4, batch: 128, learning-rate: 0.01, momentum: 0.9 }
methods:
  - dense: {}
ratios: []
seeds: 2
YAML

# run OPTION...: sets $seconds and $megabytes, medians of three.
run() {
  for _ in 1 2 3; do
    rm -rf "$work/run"
    /usr/bin/time -f '%e %M' -o "$work/one" ./espalier run "$work/study.yaml" --backend cpu --quiet --out "$work/run" "$@" > "$work/log" 2>&1 ||
      { cat "$work/log"; exit 1; }
    cat "$work/one"
  done | sort -g | sed -n 2p > "$work/median"
  read -r seconds kilobytes < "$work/median"
  megabytes=$((kilobytes / 1024))
}
./espalier --help > /dev/null
run --set data.examples=128 --set training.epochs=1
start=$seconds
{
  echo "axis,value,seconds,largest resident MB,of the smallest"
  echo "one step,1,$seconds,$megabytes,"
  # axis NAME VALUE... -- OPTIONS with @ for the value
  axis() {
    local name=$1 first= one
    shift
    local values=()
    while [ "$1" != -- ]; do values+=("$1"); shift; done
    shift
    for value in "${values[@]}"; do
      run "${@//@/$value}"
      one=$(awk -v t="$seconds" -v s="$start" -v n="$value" 'BEGIN { printf "%.9f", (t - s) / n }')
      first=${first:-$one}
      echo "$name,$value,$seconds,$megabytes,$(awk -v a="$one" -v b="$first" 'BEGIN { printf "%.2f", a / b }')"
    done
  }
  axis trials 4 8 16 32 64 -- --set data.examples=30000 --set seeds=@
  axis width 512 1024 2048 4096 8192 -- --set data.examples=10000 --set "network={ mlp: [784, @, 10] }"
  axis examples 7500 15000 30000 60000 -- --set training.epochs=16 --set data.examples=@
} > "$work/table"
cat "$work/table" > "$table"
