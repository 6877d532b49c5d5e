#!/bin/sh
# One worker, two workers, and two shards in two processes at once in one directory: the same models, to the bit.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run() {
  out=$1
  shift
  ./espalier run quickstart --quiet --set training.epochs=5 --out "$work/$out" "$@" > "$work/$out.log" 2>&1 ||
    { cat "$work/$out.log"; exit 1; }
}
hashes() {
  (cd "$work/$1" && find . -name '*.safetensors' -exec sha256sum {} + | sort -k 2)
}
run one --workers 1
run two --workers 2
run shards --workers 1 --shard 2/2 &
second=$!
run shards --workers 1 --shard 1/2
wait "$second"
hashes one > "$work/expected"
[ -s "$work/expected" ] || { echo "shards: no models" >&2; exit 1; }
for other in two shards; do
  hashes "$other" > "$work/actual"
  cmp "$work/expected" "$work/actual" || { echo "shards: $other differs" >&2; exit 1; }
done
echo "shards: $(wc -l < "$work/expected") models, the same with 1 worker, 2 workers, and 2 shards in 2 processes"
