#!/bin/sh
# ci/shards.sh [N]: a study N times (default: 4), in turn with one worker, with two, on one core, and as two shards in two
# processes at once in one directory: the same models, to the bit.
set -eu
cd "$(dirname "$0")/.."
. ci/record.sh
. ci/hashes.sh
repeats=${1:-4}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run() {
  out=$1
  shift
  "$@" ./espalier run quickstart --quiet --set training.epochs=5 --out "$work/$out" $options > "$work/$out.log" 2>&1 ||
    { cat "$work/$out.log"; exit 1; }
}
time=0
while [ "$time" -lt "$repeats" ]; do
  case $((time % 4)) in
    0) options='--workers 1' && run "$time" env ;;
    1) options='--workers 2' && run "$time" env ;;
    2) options='--workers 2' && run "$time" taskset -c 0 ;;
    3)
      (options='--workers 1 --shard 2/2' && run "$time" env) &
      second=$!
      (options='--workers 1 --shard 1/2' && run "$time" env)
      wait "$second"
      ;;
  esac
  hashes "$work/$time" > "$work/actual"
  if [ "$time" -eq 0 ]; then
    cp "$work/actual" "$work/expected"
    models=$(grep -c 'safetensors$' "$work/expected") || { echo "shards: no models" >&2; exit 1; }
  fi
  cmp "$work/expected" "$work/actual" || { echo "shards: run $time differs" >&2; exit 1; }
  rm -rf "${work:?}/$time"
  time=$((time + 1))
done
figure="$models models and their metrics, the same in $repeats runs: 1 worker, 2 workers, 1 core, 2 shards in 2 processes, in turn"
record determinism "a study again and again, backend cpu" "$repeats" 0 "$figure" "0, 1, 2" "ci/shards.sh $repeats"
echo "shards: $figure"
