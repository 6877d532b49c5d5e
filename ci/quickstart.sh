#!/bin/sh
# What a new user does: a fresh clone elsewhere, the study from the README, and no more than 90 seconds for it after the build.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q "$here" "$work/espalier"
cd "$work/espalier"
./espalier --version
start=$(date +%s)
./espalier run quickstart
seconds=$(($(date +%s) - start))
echo "quickstart took $seconds s"
[ "$seconds" -le 90 ] || { echo "quickstart took longer than 90 s" >&2; exit 1; }
rows=$(wc -l < runs/quickstart/results.csv)
[ "$rows" -eq 28 ] || { echo "expected 27 rows of results, got $((rows - 1))" >&2; exit 1; }
# A second run finds everything done.
./espalier run quickstart 2>&1 | grep -q "18 already done"
