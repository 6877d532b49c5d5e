#!/bin/sh
# ci/mutation.sh: does a test fail when the code of selection, schedules, statistics or hashing is changed? By PIT, at least 85 %
# of the changes must be noticed.
set -eu
cd "$(dirname "$0")/.."
. ci/record.sh
least=85
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# mutate MODULE CLASSES TESTS
mutate() {
  mvn -B -Pmutation -pl "$1" -am test-compile org.pitest:pitest-maven:mutationCoverage -DfailWhenNoMutations=false -DtargetClasses="$2" -DtargetTests="$3" \
    > "$work/log" 2>&1 || { tail -n 60 "$work/log" >&2; exit 1; }
  cat "$1/target/pit-reports/mutations.csv"
}

mutate engine \
  'io.espalier.backend.cpu.PruneLowest,io.espalier.compress.Scope,io.espalier.compress.CompressionRatio,io.espalier.compress.Law,io.espalier.train.LearningRate*,io.espalier.train.RegrowthSchedule,io.espalier.run.ResultTable$Statistic,io.espalier.random.*,io.espalier.backend.WeightHash*,io.espalier.data.Hashes' \
  'io.espalier.compress.ExactCountTest,io.espalier.compress.ExactSelectionTest,io.espalier.train.LearningRateTest,io.espalier.train.RegrowthScheduleTest,io.espalier.run.StatisticTest,io.espalier.random.*Test,io.espalier.backend.WeightHashTest,io.espalier.method.PruningTest' > "$work/mutations"
mutate experiments 'io.espalier.experiments.report.PairedDifference' 'io.espalier.experiments.report.PairedDifferenceTest' >> "$work/mutations"

# Columns: file, class, mutator, method, line, status, test.
awk -F , '$6 != "KILLED" && $6 != "TIMED_OUT" { print $2 ":" $5 " " $4 ", " $3 ": " $6 }' "$work/mutations" | sed 's/org.pitest.mutationtest.engine.gregor.mutators.//' | sort
set -- $(awk -F , '{ all++; noticed += $6 == "KILLED" || $6 == "TIMED_OUT" } END { printf "%d %d %.1f", all, noticed, 100 * noticed / all }' "$work/mutations")
figure="$2 of $1 changes noticed: $3 %"
record tests "changed code of selection, schedules, statistics and hashing is noticed, at least $least %" "$1" "$(awk -v share="$3" -v least="$least" 'BEGIN { print share < least }')" "$figure" "" "ci/mutation.sh"
echo "mutation: $figure"
awk -v share="$3" -v least="$least" 'BEGIN { exit share < least }' || { echo "mutation: below $least %" >&2; exit 1; }
