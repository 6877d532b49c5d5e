#!/bin/sh
# ci/kill.sh N: N times SIGKILL at a random instant of a study, then the same command again to the end. The models must be
# those of a run that nobody disturbed. Afterwards SIGTERM: exit 75 within 5 s, resumable.
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-5}
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
hashes() {
  (cd "$1" && find . -name '*.safetensors' -exec sha256sum {} + | sort -k 2)
}

run "$work/undisturbed" > /dev/null 2>&1
hashes "$work/undisturbed" > "$work/expected"
[ -s "$work/expected" ] || { echo "kill: the undisturbed run left no models" >&2; exit 1; }

round=1
killed=0
while [ "$round" -le "$rounds" ]; do
  out="$work/round-$round"
  (start "$out") > "$work/log" 2>&1 &
  pid=$!
  sleep "$(awk -v seed="$round" 'BEGIN { srand(seed); print 0.3 + 2.2 * rand() }')"
  kill -KILL "$pid" 2> /dev/null && killed=$((killed + 1))
  wait "$pid" 2> /dev/null || true
  run "$out" > "$work/log" 2>&1 || { cat "$work/log"; echo "kill: round $round did not resume" >&2; exit 1; }
  hashes "$out" > "$work/actual"
  cmp -s "$work/expected" "$work/actual" || { diff "$work/expected" "$work/actual"; echo "kill: round $round differs" >&2; exit 1; }
  rm -rf "$out"
  round=$((round + 1))
done

out="$work/terminated"
(start "$out") > "$work/log" 2>&1 &
pid=$!
# A signal before the run has begun would find nothing to save.
tries=0
until ls "$out"/trials/*/spec.json > /dev/null 2>&1 || [ "$tries" -ge 600 ]; do
  sleep 0.05
  tries=$((tries + 1))
done
start=$(date +%s%N)
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
millis=$((($(date +%s%N) - start) / 1000000))
[ "$code" -eq 75 ] || { cat "$work/log"; echo "kill: SIGTERM gave exit $code, expected 75" >&2; exit 1; }
[ "$millis" -le 5000 ] || { echo "kill: SIGTERM took $millis ms, expected at most 5000" >&2; exit 1; }
run "$out" > /dev/null 2>&1
hashes "$out" > "$work/actual"
cmp "$work/expected" "$work/actual"
echo "kill: $rounds rounds, $killed killed under way, all models as undisturbed; SIGTERM: exit 75 after $millis ms, resumed to the same models"
