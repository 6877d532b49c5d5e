#!/bin/sh
# ci/properties.sh N: the exact selection behind every cut on N random cases a property: ties, both zeros, denormals, infinities,
# NaN, nothing and everything kept; fixed seeds. `mvn verify` tries 2000.
set -eu
cd "$(dirname "$0")/.."
. ci/record.sh
tries=${1:-100000}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
mvn -B -pl kernels,engine test -Dtest=ExactSelectionTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Djqwik.tries.default="$tries" > "$log" 2>&1 || { tail -n 60 "$log"; exit 1; }
cases=$(awk -F '[=|]' '/^tries = / { sum += $2 } END { printf "%d", sum }' "$log")
[ "$cases" -ge "$tries" ] || { tail -n 60 "$log"; echo "properties: only $cases cases were tried" >&2; exit 1; }
figure="backends cpu and reference $tries cases each, our kernels emulated the rest"
record numerics "exactly k weights left, whatever the saliencies" "$cases" 0 "$figure" "1, 2, 3" "ci/properties.sh $tries"
echo "properties: $cases cases, none failed; $figure"
