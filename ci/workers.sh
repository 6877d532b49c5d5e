#!/bin/bash
# ci/workers.sh [N]: N processes (default: 64, or as many as there is memory for) on one run directory, which are killed and replaced at
# random instants while they are at work. Every trial must be reported as finished once, and the models must be those of one process that
# nobody disturbed.
set -euo pipefail
cd "$(dirname "$0")/.."
megabytes=300
free=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
workers=${1:-$((free / megabytes < 64 ? free / megabytes : 64))}
kills=$((workers / 2))
work=$(mktemp -d)
trap 'kill -KILL $(jobs -p) 2> /dev/null || true; wait; rm -rf "$work"' EXIT
# Small heaps: so many Java processes are to fit into one machine.
export ESPALIER_JAVA_OPTIONS="-Xmx96m -XX:ParallelGCThreads=1 -Xss512k"
study=(run quickstart --set training.epochs=8 --set 'network.mlp=[784, 40, 2]' --workers 1
  --set 'seeds=[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]')

# To be called in a subshell, whose process then is the program itself.
start() {
  exec ./espalier "${study[@]}" --share --shard "$1/$workers" --lease 5 --checkpoint-every 0.2 --out "$work/shared" \
    > "$work/log.$1.$2" 2>&1
}
hashes() {
  (cd "$1/trials" && find . -name '*.safetensors' -exec sha256sum {} + | sort -k 2)
}
fail() {
  echo "workers: $1" >&2
  exit 1
}

./espalier "${study[@]}" --quiet --out "$work/alone" > "$work/log" 2>&1 || { cat "$work/log"; fail "the lone run failed"; }
trials=$(find "$work/alone/trials" -name result.json | wc -l)

declare -A pid
for ((i = 1; i <= workers; i++)); do
  (start "$i" 0) &
  pid[$i]=$!
done
killed=0
RANDOM=20
for ((k = 1; k <= kills; k++)); do
  sleep "0.$((RANDOM % 9 + 1))"
  i=$((RANDOM % workers + 1))
  # Every fourth in order, so that its trials are free at once; the others leave theirs to be found.
  signal=KILL
  if ((k % 4 == 0)); then signal=TERM; fi
  if kill -$signal "${pid[$i]}" 2> /dev/null; then
    killed=$((killed + 1))
    wait "${pid[$i]}" 2> /dev/null || true
    (start "$i" "$k") &
    pid[$i]=$!
  fi
done
for ((i = 1; i <= workers; i++)); do
  code=0
  wait "${pid[$i]}" || code=$?
  [ "$code" -eq 0 ] || { cat "$work/log.$i".*; fail "worker $i gave exit $code"; }
done

# A process that dies between the last rename and its line of the log leaves no line: none may have two.
grep -h '^\[' "$work"/log.*.* | sed 's/^[^]]*\] //' | sort > "$work/finished"
uniq -d "$work/finished" > "$work/twice"
[ ! -s "$work/twice" ] || { cat "$work/twice"; fail "trials were finished more than once"; }
results=$(find "$work/shared/trials" -name result.json | wc -l)
[ "$results" -eq "$trials" ] || fail "$results results of $trials"
[ -z "$(ls "$work/shared/claims")" ] || fail "something was left claimed"
hashes "$work/alone" > "$work/expected"
hashes "$work/shared" > "$work/actual"
[ -s "$work/expected" ] || fail "no models"
cmp "$work/expected" "$work/actual"
takers=$(grep -l '^\[' "$work"/log.*.* | wc -l)
echo "workers: $trials trials by $takers of $workers processes, $killed killed and replaced; $(wc -l < "$work/finished") reported as finished, none twice; models as of one process"
