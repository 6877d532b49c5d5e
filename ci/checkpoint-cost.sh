#!/bin/bash
# ci/checkpoint-cost.sh N STUDY [OPTION...]: what checkpoints cost, less than 1 %. In N pairs, in turn, a study's dense network trains with
# a checkpoint after every step and with none; the difference a step, over the 30 s between two that a run has unless told otherwise, is
# the share. So a cost too small to be seen beside the noise of whole runs is seen some hundred times over.
set -euo pipefail
cd "$(dirname "$0")/.."
. ci/record.sh
rounds=$1
study=$2
shift 2
interval=30
never=604800
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TIMEFORMAT='%R %U %S'

# run SECONDS OPTION...: appends wall and processor time to $work/SECONDS.
run() {
  local every=$1
  shift
  { time ./espalier run "$study" --quiet --workers 1 --checkpoint-every "$every" --set 'methods=[{dense: {}}]' --set 'ratios=[]' --set seeds=1 \
    --out "$work/run" "$@" > "$work/log" 2>&1; } 2> "$work/time" || { cat "$work/log"; echo "checkpoint-cost: $study failed" >&2; exit 1; }
  awk '{ print $1, $2 + $3 }' "$work/time" >> "$work/$every"
  steps=$(for metrics in "$work"/run/trials/*/metrics.jsonl; do sed -n '$ s/.*"step":\([0-9]*\).*/\1/p' "$metrics"; done |
    awk '{ sum += $1 } END { print sum }')
  rm -rf "$work/run"
}
run 0 "$@"
rm "$work/0"
for ((round = 0; round < rounds; round++)); do
  run 0 "$@"
  run "$never" "$@"
done

# median COLUMN: of the rounds' differences, in milliseconds a checkpoint.
median() {
  paste -d ' ' "$work/0" "$work/$never" | awk -v column="$1" -v steps="$steps" '{ print 1000 * ($column - $(column + 2)) / steps }' |
    sort -g | awk '{ ms[NR] = $1 } END { printf "%.3f", NR % 2 ? ms[(NR + 1) / 2] : (ms[NR / 2] + ms[NR / 2 + 1]) / 2 }'
}
share() {
  awk -v ms="$1" -v interval="$interval" 'BEGIN { printf "%.3f", ms / (10 * interval) }'
}
wall=$(median 1)
cpu=$(median 2)
above=$(awk -v wall="$(share "$wall")" -v cpu="$(share "$cpu")" 'BEGIN { print (wall >= 1) + (cpu >= 1) }')
figure="$(share "$wall") % of the time, $(share "$cpu") % of the processor time: $wall ms and $cpu ms each, medians of $rounds pairs"
record termination "checkpoints of $study's dense network, one in $interval s, less than 1 %" $((rounds * steps)) "$above" "$figure" "0" "ci/checkpoint-cost.sh $rounds $study${*:+ $*}"
echo "checkpoint-cost: $study: $figure"
[ "$above" -eq 0 ] || { echo "checkpoint-cost: 1 % or more" >&2; exit 1; }
