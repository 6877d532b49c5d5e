#!/bin/sh
# ci/kill.sh N: SIGKILL at N random instants of a study, up to five in a row on one run directory, so that resumed runs are
# killed too; then the same command again to the end. Models and metrics must be those of a run that nobody disturbed.
set -eu
cd "$(dirname "$0")/.."
. ci/record.sh
. ci/hashes.sh
kills=${1:-5}
in_a_row=5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Checkpoints every 50 ms, so that many kills hit one being written.
# To be called in a subshell, whose process then is the program itself.
start() {
  exec ./espalier run quickstart --quiet --checkpoint-every 0.05 --set training.epochs=12 --set seeds=1 --out "$1"
}
run() {
  (start "$1")
}
seconds() {
  awk -v ns="$(($(date +%s%N) - $1))" 'BEGIN { print ns / 1e9 }'
}

run "$work/warm" > /dev/null 2>&1
begun=$(date +%s%N)
run "$work/undisturbed" > /dev/null 2>&1
took=$(seconds "$begun")
hashes "$work/undisturbed" > "$work/expected"
[ -s "$work/expected" ] || { echo "kill: the undisturbed run left no models" >&2; exit 1; }

killed=0
writing=0
directory=0
while [ "$killed" -lt "$kills" ]; do
  directory=$((directory + 1))
  out="$work/$directory"
  row=0
  while [ "$row" -lt "$in_a_row" ] && [ "$killed" -lt "$kills" ]; do
    (start "$out") > "$work/log" 2>&1 &
    pid=$!
    sleep "$(awk -v seed="$directory$row" -v took="$took" 'BEGIN { srand(seed); print took * (0.1 + 0.8 * rand()) }')"
    kill -KILL "$pid" 2> /dev/null || { wait "$pid" || true; break; }
    wait "$pid" 2> /dev/null || true
    killed=$((killed + 1))
    row=$((row + 1))
    if find "$out" -name '.*.tmp' 2> /dev/null | grep -q .; then writing=$((writing + 1)); fi
  done
  run "$out" > "$work/log" 2>&1 || { cat "$work/log"; echo "kill: directory $directory did not resume" >&2; exit 1; }
  hashes "$out" > "$work/actual"
  cmp -s "$work/expected" "$work/actual" || { diff "$work/expected" "$work/actual"; echo "kill: directory $directory differs" >&2; exit 1; }
  left=$(find "$out/claims" "$out/trials" -name '.*.tmp' -o -name '*.checkpoint')
  [ -z "$left" ] || { echo "kill: left behind: $left" >&2; exit 1; }
  rm -rf "$out"
done

figure="$(wc -l < "$work/expected") models and metrics the same in all $directory run directories; $writing kills left a file half written"
record crash "SIGKILL at random instants of a study" "$killed" 0 "$figure" "1 to $directory" "ci/kill.sh $kills"
echo "kill: $killed kills, $figure"
