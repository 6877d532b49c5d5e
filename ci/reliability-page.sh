#!/bin/sh
# ci/reliability-page.sh [--check]: puts the tables of experiments/results/reliability between the markers of docs/reliability.md;
# with --check fails if they are not there already.
set -eu
cd "$(dirname "$0")/.."
tables=experiments/results/reliability
page=docs/reliability.md
made=$(mktemp)
trap 'rm -f "$made"' EXIT
awk -F '\t' -v tables="$tables" '
  /^<!-- end / { inside = 0 }
  !inside { print }
  /^<!-- begin / {
    inside = 1
    part = $0
    gsub(/<!-- begin | -->/, "", part)
    table = tables "/" part ".tsv"
    print "| tried | cases | failed | found | command | date |"
    print "|---|---|---|---|---|---|"
    getline header < table
    while ((getline row < table) > 0) {
      split(row, cell, "\t")
      command = "`" cell[6] "`" (cell[5] == "" ? "" : ", seeds " cell[5])
      print "| " cell[1] " | " cell[2] " | " cell[3] " | " cell[4] " | " command " | " cell[9] " |"
    }
    close(table)
  }' "$page" > "$made"
if [ "${1:-}" = --check ]; then
  cmp "$made" "$page" || { diff "$made" "$page"; echo "reliability-page: $page is not what its tables say; run ci/reliability-page.sh" >&2; exit 1; }
else
  cp "$made" "$page"
fi
