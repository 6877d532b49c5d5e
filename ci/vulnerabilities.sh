#!/bin/sh
# ci/vulnerabilities.sh: asks OSV (https://osv.dev) for known vulnerabilities of every dependency of the release, as target/bom.json
# of `mvn -Prelease package` lists them. Needs a network; exit 4 if one is known, 3 if nobody answers.
set -eu
cd "$(dirname "$0")/.."
. ci/record.sh
database=${ESPALIER_OSV:-https://api.osv.dev}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -f target/bom.json ] || { echo "vulnerabilities: there is no target/bom.json; run mvn -Prelease -DskipTests package" >&2; exit 2; }
# A package by its name and version only; our own are in no database.
sed -n 's/.*"purl" : "\(pkg:maven[^?"]*\).*/\1/p' target/bom.json | grep -v '/io\.espalier/' | sort -u > "$work/packages"
[ -s "$work/packages" ] || { echo "vulnerabilities: target/bom.json names no dependency" >&2; exit 2; }
known=0
while read -r package; do
  curl -sSf --retry 2 --max-time 30 -H 'Content-Type: application/json' -d "{\"package\":{\"purl\":\"$package\"}}" "$database/v1/query" > "$work/answer" ||
    { echo "vulnerabilities: $database does not answer, so nothing was checked" >&2; exit 3; }
  names=$(grep -o '"id": *"[^"]*"' "$work/answer" | sed 's/.*: *"//; s/"//' | sort -u | paste -sd ' ')
  [ -z "$names" ] || { known=$((known + 1)); echo "vulnerabilities: $package: $names"; }
done < "$work/packages"
count=$(wc -l < "$work/packages")
record security "known vulnerabilities of dependencies, by $database" "$count" "$known" "$known of $count packages are named" "" "ci/vulnerabilities.sh"
echo "vulnerabilities: $known of $count packages are named by $database"
[ "$known" -eq 0 ] || exit 4
