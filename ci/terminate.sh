#!/bin/sh
# ci/terminate.sh N STUDY [OPTION...]: N times SIGTERM at a random instant of a study's training; the program must end with exit
# code 75, its 99th percentile within 5 s.
set -eu
cd "$(dirname "$0")/.."
. ci/record.sh
rounds=$1
study=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

round=1
while [ "$round" -le "$rounds" ]; do
  out="$work/$round"
  (exec ./espalier run "$study" --quiet --out "$out" "$@") > "$work/log" 2>&1 &
  pid=$!
  # A signal before the run has begun would find nothing to save.
  until ls "$out"/claims/*/*/spec.json > /dev/null 2>&1; do
    kill -0 "$pid" 2> /dev/null || { cat "$work/log"; echo "terminate: $study did not start" >&2; exit 1; }
    sleep 0.05
  done
  sleep "$(awk -v seed="$round" 'BEGIN { srand(seed); print 4 * rand() }')"
  begun=$(date +%s%N)
  kill -TERM "$pid"
  code=0
  wait "$pid" || code=$?
  echo $((($(date +%s%N) - begun) / 1000000)) >> "$work/millis"
  [ "$code" -eq 75 ] || { cat "$work/log"; echo "terminate: SIGTERM gave exit $code, expected 75" >&2; exit 1; }
  rm -rf "$out"
  round=$((round + 1))
done

figure=$(sort -n "$work/millis" | awk '
  { ms[NR] = $1 }
  function rank(p) { r = int(p * NR); return ms[r < p * NR ? r + 1 : r] }
  END { printf "exit 75 after %d ms (median), %d ms (99th percentile), %d ms (longest)", rank(0.5), rank(0.99), ms[NR] }')
slow=$(awk '$1 > 5000' "$work/millis" | wc -l)
p99=$(echo "$figure" | sed 's/.*, \([0-9]*\) ms (99th.*/\1/')
record termination "SIGTERM at random instants of $study" "$rounds" "$slow" "$figure" "1 to $rounds" "ci/terminate.sh $rounds $study${*:+ $*}"
echo "terminate: $study, $rounds times: $figure"
[ "$p99" -le 5000 ] || { echo "terminate: the 99th percentile is above 5000 ms" >&2; exit 1; }
