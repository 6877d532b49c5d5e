#!/bin/sh
# ci/coverage.sh: lines of `engine` that its own tests run through, by JaCoCo; at least 90 %.
set -eu
cd "$(dirname "$0")/.."
. ci/record.sh
least=90
version=0.8.13
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for artifact in "org.jacoco.agent:$version:jar:runtime" "org.jacoco.cli:$version:jar:nodeps"; do
  mvn -q -B -N dependency:copy -Dartifact="org.jacoco:$artifact" -DoutputDirectory="$work"
done
mvn -B -pl kernels,engine test \
  -Dvector.flags="--add-modules jdk.incubator.vector -javaagent:$work/org.jacoco.agent-$version-runtime.jar=destfile=$work/engine.exec,includes=io.espalier.*" \
  > "$work/log" 2>&1 || { tail -n 60 "$work/log"; exit 1; }
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -jar "$work/org.jacoco.cli-$version-nodeps.jar" report "$work/engine.exec" \
  --classfiles engine/target/classes --csv "$work/engine.csv" --quiet
# Columns 8 and 9: lines missed and covered. First the classes that miss most.
awk -F , 'NR > 1 { print $8, $8 + $9, $2 "." $3 }' "$work/engine.csv" | sort -rn | head -n 12
set -- $(awk -F , 'NR > 1 { missed += $8; all += $8 + $9 } END { printf "%d %d %.1f", all - missed, all, 100 * (all - missed) / all }' "$work/engine.csv")
figure="$1 of $2 lines of engine: $3 %"
record tests "line coverage of engine by its own tests, at least $least %" "$2" "$(awk -v share="$3" -v least="$least" 'BEGIN { print share < least }')" "$figure" "" "ci/coverage.sh"
echo "coverage: $figure"
awk -v share="$3" -v least="$least" 'BEGIN { exit share < least }' || { echo "coverage: below $least %" >&2; exit 1; }
