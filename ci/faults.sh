#!/bin/sh
# ci/faults.sh [N]: disks that are full or read-only, clocks that jump. A run ends in a sentence with exit code 2, nothing of it is
# torn, and it goes on to the models of an undisturbed one. Disks need root and a tmpfs, clocks faketime; what lacks is said.
set -eu
cd "$(dirname "$0")/.."
. ci/record.sh
. ci/hashes.sh
fills=${1:-10}
work=$(mktemp -d)
disk=$work/disk
mkdir "$disk"
trap 'umount "$disk" 2> /dev/null || true; rm -rf "$work"' EXIT
start() {
  ./espalier run quickstart --quiet --workers 1 --checkpoint-every 0.02 --set training.epochs=6 --set seeds=1 --out "$@"
}
as_undisturbed() {
  start "$2" > "$work/log" 2>&1 || { cat "$work/log"; echo "faults: $1: does not go on" >&2; exit 1; }
  hashes "$2" > "$work/actual"
  cmp "$work/expected" "$work/actual" || { echo "faults: $1: other models" >&2; exit 1; }
}
# refused WHAT SENTENCE CODE
refused() {
  [ "$3" -eq 2 ] || { cat "$work/log"; echo "faults: $1 gave exit $3, expected 2" >&2; exit 1; }
  grep -q "$2" "$work/log" && ! grep -q 'internal error\|Exception' "$work/log" ||
    { cat "$work/log"; echo "faults: $1 is not said in a sentence" >&2; exit 1; }
}
start "$work/undisturbed" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
hashes "$work/undisturbed" > "$work/expected"
needed=$(du -sk "$work/undisturbed" | cut -f 1)

if mount -t tmpfs -o size=1m tmpfs "$disk" 2> /dev/null; then
  sizes=0
  while [ "$sizes" -lt "$fills" ]; do
    mount -o remount,size=$((8 + needed * sizes / fills))k "$disk"
    code=0
    start "$disk/run" > "$work/log" 2>&1 || code=$?
    refused "a disk of $sizes/$fills of what is needed" 'No space left' "$code"
    mount -o remount,size=$((2 * needed + 4096))k "$disk"
    as_undisturbed "a disk that was full" "$disk/run"
    rm -rf "$disk/run"
    sizes=$((sizes + 1))
  done
  start "$disk/run" --shard 1/2 > "$work/log" 2>&1 || true
  mount -o remount,ro "$disk"
  code=0
  start "$disk/run" > "$work/log" 2>&1 || code=$?
  refused "a read-only disk" 'Cannot write the run directory' "$code"
  mount -o remount,rw "$disk"
  as_undisturbed "a disk that was read-only" "$disk/run"
  record crash "disk full, at sizes below what the study needs" "$sizes" 0 "a sentence, exit 2; with more room the models of an undisturbed run" "" "ci/faults.sh $fills"
  record crash "read-only disk" 1 0 "a sentence, exit 2; writable again, the models of an undisturbed run" "" "ci/faults.sh $fills"
  echo "faults: disk full ($sizes sizes), read-only: a sentence, exit 2, then the models of an undisturbed run"
else
  echo "faults: skipped disk full and read-only: this user may not mount a tmpfs"
fi

if command -v faketime > /dev/null; then
  jumps=0
  clock=$work/clock
  for first in '2031-05-05 05:05:05' '1999-12-31 23:59:59'; do
    echo "@$first" > "$clock"
    (
      sleep 1.5
      echo '@2024-02-29 12:00:00' > "$clock"
      sleep 0.5
      echo '@2040-01-01 00:00:00' > "$clock"
    ) &
    FAKETIME_TIMESTAMP_FILE=$clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 LD_PRELOAD=$(faketime 0 printenv LD_PRELOAD) \
      start "$work/jump" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    wait
    as_undisturbed "a clock that jumps" "$work/jump"
    rm -rf "$work/jump"
    jumps=$((jumps + 3))
  done
  record crash "wall clock jumps by years, forwards and back" "$jumps" 0 "the models of an undisturbed run" "" "ci/faults.sh $fills"
  echo "faults: $jumps jumps of the wall clock: the models of an undisturbed run"
else
  echo "faults: skipped clock jumps: there is no faketime"
fi
