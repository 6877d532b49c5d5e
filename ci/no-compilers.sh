#!/bin/bash
# Builds a fresh clone where there is no nvcc, with and without g++, and checks that what is missing is said and nothing else fails.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# link FOLDER TOOL...: a folder that can be the whole PATH.
link() {
  local folder=$1 tool
  shift
  mkdir -p "$folder"
  for tool; do
    ln -s "$(command -v "$tool")" "$folder/$tool"
  done
}

link "$work/java" awk basename bash cat chmod cmp cp dirname expr find git grep head java ls mkdir mv mvn nproc readlink rm sed \
  sh sort tr uname xargs
cp -r "$work/java" "$work/g++"
link "$work/g++" as g++ ld

# Where this ends up is no matter: the JDK by its folder, the programs by the PATH.
JAVA_HOME=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
export JAVA_HOME

# try NAME SKIPPED REASON TEST...: builds and tests with the tools in NAME; the log must say SKIPPED, doctor REASON.
try() {
  local name=$1 skipped=$2 reason=$3 status=0
  shift 3
  git clone -q "$here" "$work/clone"
  cd "$work/clone"
  if ! PATH=$work/$name mvn -B verify "$@" > "$work/log" 2>&1; then
    cat "$work/log"
    echo "the build with $name alone failed" >&2
    exit 1
  fi
  grep "^Skipped: " "$work/log" | sort | uniq -c || true
  if ! grep -F "$skipped" "$work/log"; then
    echo "the build with $name alone does not say: $skipped" >&2
    exit 1
  fi
  PATH=$work/$name ./espalier doctor > "$work/doctor"
  if ! grep "^cuda backend .*$reason" "$work/doctor"; then
    cat "$work/doctor"
    echo "doctor does not say: $reason" >&2
    exit 1
  fi
  PATH=$work/$name ./espalier run quickstart --backend cuda 2> "$work/complaint" || status=$?
  if [ "$status" -ne 3 ]; then
    cat "$work/complaint"
    echo "--backend cuda ended with status $status, not 3" >&2
    exit 1
  fi
  cd "$here"
  rm -rf "$work/clone"
}

try java "Skipped for want of g++" "no g++ when it was built"
try g++ "Skipped for want of nvcc" "no nvcc when it was built" \
  '-Dtest=io/espalier/kernels/*Test' -Dsurefire.failIfNoSpecifiedTests=false
