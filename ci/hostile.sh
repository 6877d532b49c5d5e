#!/bin/sh
# ci/hostile.sh [N]: environments that programs trip over. No GPU; a home that cannot be written; temporary files elsewhere; other
# languages, digits, time zones and encodings; N programs (default: 32) that start at once with no native library unpacked yet.
set -eu
cd "$(dirname "$0")/.."
. ci/record.sh
. ci/hashes.sh
starts=${1:-32}
work=$(mktemp -d)
trap 'umount "$work/sealed" 2> /dev/null || true; rm -rf "$work"' EXIT
study() {
  out=$1
  shift
  "$@" ./espalier run quickstart --quiet --workers 1 --set training.epochs=3 --set seeds=1 --out "$work/$out" > "$work/$out.txt" 2> "$work/$out.err" ||
    { cat "$work/$out.err"; echo "hostile: $out failed" >&2; exit 1; }
}
# Everything that is not a time: models, metrics, and of the table all columns but train_seconds.
contents() {
  hashes "$work/$1"
  awk -F , '{ $17 = "" } 1' "$work/$1/results.csv"
}
same() {
  contents "$1" > "$work/actual"
  cmp "$work/expected" "$work/actual" || { diff "$work/expected" "$work/actual" | head -n 20; echo "hostile: $1 differs" >&2; exit 1; }
}
# printed RUN ENCODING: what a run prints, but for the seconds in the last column and the paths. In UTF-16, which no locale has, every
# writer begins with a byte order mark, and OpenBLAS's binding cannot read /proc and says so.
printed() {
  iconv -f "$2" -t UTF-8 "$work/$1.txt" | sed '/^Unable to tune runtime/d; s/^\xef\xbb\xbf//; s/ *[0-9.-]*$//; s/[^ ]*\/[^ ]*//g'
}
study plain env
contents plain > "$work/expected"

if ls /dev/nvidia[0-9]* > /dev/null 2>&1; then
  echo "hostile: skipped the machine without a GPU: this one has one"
else
  for backend in cuda cuda-tf32; do
    code=0
    ./espalier run quickstart --backend "$backend" --out "$work/gpu" > "$work/log" 2>&1 || code=$?
    [ "$code" -eq 3 ] && grep -q '^espalier: Backend cuda.* cannot be used' "$work/log" && ! grep -q Exception "$work/log" ||
      { cat "$work/log"; echo "hostile: $backend without a GPU gave exit $code" >&2; exit 1; }
  done
  record environment "no GPU, backends cuda and cuda-tf32 asked for" 2 0 "a sentence, exit 3" "" "ci/hostile.sh $starts"
  echo "hostile: no GPU: a sentence, exit 3"
fi

mkdir "$work/sealed"
if mount -t tmpfs -o ro,size=64k tmpfs "$work/sealed" 2> /dev/null; then
  study home env HOME="$work/sealed" XDG_CACHE_HOME="$work/sealed/cache" ESPALIER_JAVA_OPTIONS="-Duser.home=$work/sealed"
  same home
  record environment "a home that cannot be written" 1 0 "the models and the table as anywhere" "" "ci/hostile.sh $starts"
  echo "hostile: read-only home: the same models and table"
else
  echo "hostile: skipped the read-only home: this user may not mount a tmpfs"
fi

mkdir "$work/elsewhere"
study temporary env TMPDIR="$work/elsewhere" ESPALIER_JAVA_OPTIONS="-Dorg.bytedeco.javacpp.cachedir=$work/elsewhere/natives"
same temporary
record environment "TMPDIR and native cache elsewhere" 1 0 "the models and the table as anywhere" "" "ci/hostile.sh $starts"
echo "hostile: TMPDIR elsewhere: the same models and table"

places=0
for place in 'tr TR Asia/Kathmandu ISO-8859-9' 'ar EG Africa/Cairo UTF-8' 'hi IN America/St_Johns US-ASCII' 'th TH Pacific/Kiritimati UTF-16' 'de DE Antarctica/Troll ISO-8859-1'; do
  # shellcheck disable=SC2086
  set -- $place
  extension=$([ "$1" = ar ] && echo nu-arab || { [ "$1" = hi ] && echo nu-deva; } || { [ "$1" = th ] && echo ca-buddhist-nu-thai; } || true)
  study "in-$1" env TZ="$3" LC_ALL=C ESPALIER_JAVA_OPTIONS="-Duser.language=$1 -Duser.country=$2 -Duser.extensions=u-$extension -Duser.timezone=$3 -Dfile.encoding=$4"
  same "in-$1"
  printed plain UTF-8 > "$work/one"
  printed "in-$1" "$4" > "$work/two"
  cmp "$work/one" "$work/two" || { diff "$work/one" "$work/two"; echo "hostile: what is printed differs in $place" >&2; exit 1; }
  places=$((places + 1))
done
record environment "languages tr, ar, hi, th, de with their digits and calendars, other time zones and encodings" "$places" 0 \
  "the models, the table and what is printed as in English and UTC" "" "ci/hostile.sh $starts"
echo "hostile: $places languages, time zones and encodings: the same models, table and output"

cache=$work/natives
seq "$starts" > "$work/all"
pids=
while read -r number; do
  (ESPALIER_JAVA_OPTIONS="-Dorg.bytedeco.javacpp.cachedir=$cache -Xmx256m" exec ./espalier run quickstart --quiet --workers 1 \
    --set training.epochs=1 --set seeds=1 --set 'methods=[{dense: {}}]' --out "$work/start-$number") > "$work/start-$number.log" 2>&1 &
  pids="$pids $!"
done < "$work/all"
for pid in $pids; do
  wait "$pid" || { tail -n 3 "$work"/start-*.log; echo "hostile: a start failed" >&2; exit 1; }
done
different=$(find "$work" -path '*/start-*' -name model.safetensors -exec sha256sum {} + | cut -d ' ' -f 1 | sort -u | wc -l)
[ "$different" -eq 1 ] || { echo "hostile: $different kinds of models of $starts equal runs" >&2; exit 1; }
record environment "programs that start at once with no native library unpacked" "$starts" 0 "all ran, all left the same model" "" "ci/hostile.sh $starts"
echo "hostile: $starts programs at once, empty native cache: all ran, the same model"
