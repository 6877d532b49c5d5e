#!/bin/bash
# ci/bench-peers.sh [OPTION...]: one row of each kind beside libtorch, and whether we are as far ahead of it as when the kept report was
# made. What lost more than a quarter beyond the noise is measured once more: a regression shows twice. Options go to `bench train --peers`.
# Builds with -Ppeers in a copy of the tree; libtorch is 90 MB.
set -euo pipefail
cd "$(dirname "$0")/.."
base=$PWD/experiments/results/benchmarks/peers-quick.json
version=$(sed -n 's:.*<pytorch.version>\(.*\)</pytorch.version>.*:\1:p' pom.xml)
if ! mvn -q -B dependency:get -Dtransitive=false -Dartifact="org.bytedeco:pytorch:$version:jar:linux-x86_64" > /dev/null; then
  echo "bench-peers: skipped: libtorch $version cannot be fetched"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git ls-files -co --exclude-standard -z | xargs -0 cp --parents -t "$work" 2> /dev/null || true
for module in kernels engine; do
  if [ -d $module/target ]; then cp -a $module/target "$work/$module/"; fi
done
cd "$work"
mvn -q -B -Ppeers -DskipTests package
# The kept report is of the kernels that OpenBLAS chooses by itself.
unset "${!OPENBLAS_@}"
compare() {
  ./espalier bench train --peers --quick --backend cpu --timeout 5 --compare "$base" --fail-on 25 "$@"
}
compare "$@" || { [ $? -eq 4 ] && echo "bench-peers: once more" && compare "$@"; }
