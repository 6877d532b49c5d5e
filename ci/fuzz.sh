#!/bin/sh
# ci/fuzz.sh N [TARGET...]: coverage-guided fuzzing of the parsers, N executions each (default: all), from seed $ESPALIER_FUZZ_SEED (default: 1) and the corpus in
# engine/src/test/corpus, which `mvn verify` replays. With ESPALIER_RECORD set, inputs that reach new code are added to it.
set -eu
cd "$(dirname "$0")/.."
. ci/record.sh
runs=$1
seed=${ESPALIER_FUZZ_SEED:-1}
shift
[ $# -gt 0 ] || set -- data.Idx data.Gzip data.Amat data.Npy data.Cifar network.SafeTensors run.Checkpoint
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mvn -q -B -Pfuzz -pl kernels,engine test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" -Dmdep.includeScope=test \
  > "$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }
classpath="engine/target/classes:engine/target/test-classes:$(cat "$work/classpath")"

# fuzz CLASS OPTION... FOLDER...: what libFuzzer prints goes to $work/log. Left out is the hook that looks for texts which a regular
# expression matches: the megabytes that it allocates would count as the parser's.
fuzz() {
  class=$1
  shift
  TMPDIR=$work "${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx1g -XX:-UsePerfData -Djava.io.tmpdir="$work" -cp "$classpath" com.code_intelligence.jazzer.Jazzer \
    --target_class="io.espalier.$class" --instrumentation_includes='io.espalier.**' \
    --disabled_hooks=com.code_intelligence.jazzer.sanitizers.RegexRoadblocks \
    -seed="$seed" -max_len=4096 -rss_limit_mb=4096 -timeout=30 -artifact_prefix="$work/" --reproducer_path="$work" "$@" > "$work/log" 2>&1
}

for target in "$@"; do
  name=${target#*.}
  corpus=engine/src/test/corpus/$name
  mkdir "$work/$name"
  if ! fuzz "${target}Fuzzer" -runs="$runs" -print_final_stats=1 "$work/$name" "$corpus"; then
    tail -n 60 "$work/log"
    for input in "$work"/crash-* "$work"/timeout-* "$work"/oom-*; do
      [ ! -f "$input" ] || { echo "fuzz: the input: $(base64 -w 0 "$input")"; }
    done
    echo "fuzz: $name failed" >&2
    exit 1
  fi
  done=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
  covered=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$work/log" | tail -n 1)
  [ "$done" -ge "$runs" ] || { tail -n 40 "$work/log"; echo "fuzz: only $done executions of $name" >&2; exit 1; }
  if [ -n "${ESPALIER_RECORD:-}" ]; then
    mkdir "$work/$name.least"
    fuzz "${target}Fuzzer" -merge=1 "$work/$name.least" "$corpus" "$work/$name"
    cp -n "$work/$name.least"/* "$corpus/"
  fi
  record parsers "bytes for $name, seed $seed" "$done" 0 "$covered edges covered, $(find "$corpus" -type f | wc -l) inputs kept" "$seed" "ci/fuzz.sh $runs $target"
  echo "fuzz: $name: $done executions, $covered edges covered, nothing but data or sentences, memory in proportion to the input"
done
