#!/bin/sh
# The reports of the quickstart and of 500 trials in a real browser: charts, filter, keyboard, console, requests, size and time to open.
# Leaves target/report.png, which docs/report.png is a copy of.
set -eu
cd "$(dirname "$0")/.."
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
  echo "browser: skipped, there is neither chromium nor google-chrome"
  exit 0
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
mkdir -p target
./espalier run quickstart --quiet --out "$out/quickstart"
# 84 seeds of 6 trials each.
./espalier run quickstart --quiet --out "$out/large" --set seeds=84 --set training.epochs=12 --set "network.mlp=[784, 50, 2]"
trials=$(find "$out/large/trials" -name result.json | wc -l)
[ "$trials" -ge 500 ] || { echo "browser: expected 500 trials, got $trials" >&2; exit 1; }
java -cp "experiments/target/lib/*" ci/Browser.java "$browser" "$out/quickstart/report.html" target/report.png
java -cp "experiments/target/lib/*" ci/Browser.java "$browser" "$out/large/report.html" "$out/large.png"
