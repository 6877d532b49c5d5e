#!/bin/bash
# ci/gpu.sh [BUNDLE] [OUT]: what only a machine with an NVIDIA GPU can show, in under 9 minutes, from a bundle of ci/bundle.sh (the
# archive, or the folder it unpacks to); needs neither Java nor a compiler. Writes eight files into OUT, of which summary.txt has a
# line for each step. Exit 0 if nothing failed, 1 if a step did, 2 for a wrong call, 3 if backend cuda cannot be used here.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if [ -d "$here/runtime" ]; then default=$here; else default=$(ls "$here"/../target/espalier-*.tar.xz 2> /dev/null | tail -n 1); fi
given=${1:-$default}
results=${2:-runs/gpu}
# Seconds from the start to the last step's end.
most=520

if [ ! -e "$given" ]; then
  echo "gpu: there is no bundle ${given:-in target/}. Make one by ci/bundle.sh, and name it: ci/gpu.sh BUNDLE [OUT]." >&2
  exit 2
fi
mkdir -p "$results" || exit 2
out=$(cd "$results" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -f "$out"/{summary,doctor,verify,driver,sanitizer,bench,study}.txt "$out/bench.json"
failures=0

# said STEP STATE SECONDS WHY
said() {
  printf '%-20s %-8s %4d s  %s\n' "$@" | sed 's/ *$//' | tee -a "$out/summary.txt"
}
skipped() {
  said "$1" skipped 0 "$2"
}

# step NAME LIMIT FILE COMMAND...: runs it for at most LIMIT seconds, what it says goes to the end of FILE.
step() {
  local name=$1 limit=$2 file=$3 start=$SECONDS left=$((most - SECONDS)) status=0 last
  shift 3
  if [ "$left" -lt "$limit" ]; then limit=$left; fi
  printf '$ %s\n' "$*" >> "$file"
  if [ "$limit" -gt 0 ]; then
    timeout -k 5 "$limit" "$@" >> "$file" 2>&1 < /dev/null || status=$?
  else
    status=124
  fi
  last=$(grep -v -e '^ *$' -e '^\$ ' "$file" | tail -n 1)
  if [ "$status" -eq 0 ]; then
    said "$name" ok $((SECONDS - start)) "$last"
    return 0
  fi
  failures=$((failures + 1))
  if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then last="stopped at its limit of $limit s; $last"; fi
  said "$name" failed $((SECONDS - start)) "exit $status: $last"
  return 1
}

# finish STATUS: the last line, and what came of it all.
finish() {
  echo "$failures failed, $SECONDS s in all" | tee -a "$out/summary.txt"
  exit "$1"
}

bundle=$given
if [ -f "$given" ]; then
  step unpack 60 "$work/unpack.txt" tar -xf "$given" -C "$work" || finish 1
  bundle=$(echo "$work"/espalier-*/)
fi
if [ ! -x "$bundle/runtime/bin/java" ]; then
  echo "gpu: $given is no bundle of ci/bundle.sh" >&2
  exit 2
fi
bundle=$(cd "$bundle" && pwd)
espalier=$bundle/espalier

if command -v nvidia-smi > /dev/null; then timeout 20 nvidia-smi > "$out/doctor.txt" 2>&1; fi
step doctor 40 "$out/doctor.txt" "$espalier" doctor || finish 1
cuda=$(sed -n 's/^cuda backend  *//p' "$out/doctor.txt")
if [ "$cuda" != available ]; then
  said "cuda backend" missing 0 "${cuda#not available: }"
  finish 3
fi

for backend in cpu cuda; do
  step "verify $backend" 60 "$out/verify.txt" "$espalier" verify --backend "$backend" --against "$bundle/answers"
done
step driver 40 "$out/driver.txt" "$bundle/kernel-driver"

# The same study on the GPU and on processors; its test errors are in percent.
for backend in cuda cpu; do
  check=
  if [ "$backend" = cuda ]; then check=--check; fi
  step "study on $backend" 60 "$out/study.txt" "$espalier" run quickstart --backend "$backend" $check --quiet --out "$work/$backend"
done

# Rounding alone moves no error by more than 0.01: so little differed between six sets of OpenBLAS's kernels on one machine.
compared() {
  awk -F, '
    FNR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    { row = $column["method"] ", " $column["ratio_target"] "x, seed " $column["seed"]; error = $column["test_error"] }
    FILENAME == ARGV[1] { cpu[row] = error; rows++; next }
    {
      difference = error - cpu[row]
      if (difference < 0) difference = -difference
      if (!(row in cpu)) missing++
      printf "%-36s cpu %8.4f  cuda %8.4f  difference %7.4f\n", row, cpu[row], error, difference
      if (difference > worst) worst = difference
      seen++
    }
    END {
      printf "%d errors, the largest difference is %.4f of a percent point, 0.5 are allowed\n", seen, worst
      exit !(seen > 0 && seen == rows && !missing && worst <= 0.5)
    }' "$1" "$2"
}
export -f compared
step "errors compared" 10 "$out/study.txt" bash -c 'compared "$0" "$1"' "$work/cpu/results.csv" "$work/cuda/results.csv"

# Whatever is late comes last: what is right matters more than what is fast.
sanitizer=$(PATH=$PATH:${CUDA_HOME:-/usr/local/cuda}/bin:/usr/local/cuda/bin command -v compute-sanitizer)
sanitize=("$sanitizer" --error-exitcode 9 --tool)
why=
if [ -z "$sanitizer" ]; then
  why="compute-sanitizer is not here; it comes with the CUDA toolkit"
elif timeout 30 "${sanitize[@]}" memcheck "$bundle/kernel-driver" fill 2>&1 | grep -q 'Device not supported'; then
  why="compute-sanitizer does not serve this device"
fi
for tool in memcheck racecheck; do
  if [ -z "$why" ]; then
    step "$tool" 80 "$out/sanitizer.txt" "${sanitize[@]}" "$tool" "$bundle/kernel-driver"
  else
    skipped "$tool" "$why"
  fi
done

# One file for both: a list of reports.
before='['
for kind in kernels train; do
  step "bench $kind" 120 "$out/bench.txt" "$espalier" bench "$kind" --budget 80s --json "$work/$kind.json"
  if [ -f "$work/$kind.json" ]; then
    { printf '%s' "$before" && cat "$work/$kind.json"; } >> "$out/bench.json"
    before=,
  fi
done
if [ -f "$out/bench.json" ]; then echo ']' >> "$out/bench.json"; fi

finish "$((failures > 0))"
