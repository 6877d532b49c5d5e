#!/bin/bash
# ci/bundle-test.sh [BUNDLE]: runs a bundle of ci/bundle.sh where there is nothing but a shell and the C and C++ libraries: in a
# folder with a blank in its name, below another root, read-only, without environment or home. Where the kernel permits no other
# root it runs it here, without a PATH, and says so.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
archive=${1:-$(ls "$here"/target/espalier-*.tar.xz | tail -n 1)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
mkdir -p "$root"/{bin,dev,proc,tmp,work,"a place"} "$work/nothing"
tar -xf "$archive" -C "$root/a place"
name=$(ls "$root/a place")
unpacked="$root/a place/$name"

fail() {
  echo "bundle-test: $1" >&2
  exit 1
}

# What the bundle expects of a machine. Whatever else its files link to must be in it, or is CUDA's, which only a GPU needs.
allowed='^(linux-vdso|ld-linux-x86-64|libc|libm|libdl|libpthread|librt|libstdc[+][+]|libgcc_s|libz)[.]so'
cp -L /bin/sh "$root/bin/sh"
files=$(find "$unpacked" -type f '(' -name '*.so' -o -name '*.so.*' -o -perm -u+x ')')
while read -r library arrow path _; do
  case "$library" in
    /*) path=$library ;;
    *) [ "$arrow" = '=>' ] || continue ;;
  esac
  library=${library##*/}
  if [ -n "$(find "$unpacked" -name "$library")" ] || [[ $library =~ ^libcuda ]]; then continue; fi
  [[ $library =~ $allowed ]] || fail "a file of the bundle links to $library"
  if [ "${path#/}" != "$path" ]; then
    mkdir -p "$root${path%/*}"
    cp -L "$path" "$root$path"
  fi
done < <(while read -r file; do ldd "$file" 2> /dev/null; done <<< "/bin/sh
$files" | sort -u)

# inside COMMAND...: runs it below the other root.
user=()
if [ "$(id -u)" -ne 0 ]; then user=(--map-root-user); fi
inside() {
  unshare "${user[@]}" --mount /bin/sh -c '
    root=$1
    shift
    mount --rbind /proc "$root/proc" && mount --rbind /dev "$root/dev" &&
      mount --bind "$root/a place" "$root/a place" && mount -o remount,bind,ro "$root/a place" &&
      exec env -i "$(PATH=$PATH:/usr/sbin command -v chroot)" "$root" /bin/sh -c "cd /work && exec \"\$@\"" sh "$@"' sh "$root" "$@"
}
if inside /bin/sh -c :; then
  where="below a root that holds $(find "$root" -type f ! -path "$unpacked/*" | wc -l) other files"
  place="/a place/$name"
  results=/work
else
  where="without a PATH, because the kernel permits no other root"
  place=$unpacked
  results=$root/work
  inside() {
    (cd "$root/work" && exec env -i HOME=/nonexistent PATH="$work/nothing" "$@")
  }
fi

# expect STATUS COMMAND...: runs it, what it says goes to $work/said.
expect() {
  local expected=$1 status=0
  shift
  inside "$@" > "$work/said" 2>&1 || status=$?
  if [ "$status" -ne "$expected" ]; then
    cat "$work/said" >&2
    fail "exit $status instead of $expected: $*"
  fi
}
# said TEXT: the last command must have said this.
said() {
  grep -qF "$1" "$work/said" || { cat "$work/said" >&2; fail "this was not said: $1"; }
}

expect 0 "$place/espalier" --version
expect 0 "$place/espalier" doctor
said "cuda searched   the dynamic linker's own folders"
said "cuda runtime "
expect 0 "$place/espalier" verify --backend cpu --against "$place/answers"
said "Backend cpu keeps the contract"
expect 0 "$place/espalier" run quickstart --backend cpu --quiet --out "$results/quickstart"
[ "$(wc -l < "$root/work/quickstart/results.csv")" -eq 28 ] || fail "quickstart gave other results than 27"
expect 2 "$place/espalier" data make rectangles-image --images "$results" --data "$results/data"
said "java.desktop"
if ! command -v nvidia-smi > /dev/null; then
  expect 3 "$place/espalier" run quickstart --backend cuda
  said "Backend cuda cannot be used (--backend cpu can): "
  sentences=$(grep -v '^WARNING' "$work/said" | grep -oE '[.]( |$)' | wc -l)
  [ "$sentences" -le 2 ] || fail "$sentences sentences say why there is no backend cuda"
  status=0
  "$unpacked/gpu.sh" "$archive" "$work/gpu" > "$work/said" || status=$?
  [ "$status" -eq 3 ] || fail "gpu.sh gave exit $status instead of 3"
  grep -E '^cuda backend +missing .* s  .+' "$work/gpu/summary.txt" || fail "gpu.sh does not say what is missing"
fi

# A clone on this machine trains the same models, to the bit.
hashes() {
  (cd "$1" && find . -name '*.safetensors' -exec sha256sum {} + | sort -k 2)
}
env -u OPENBLAS_CORETYPE "$here/espalier" run quickstart --backend cpu --quiet --out "$work/clone" > /dev/null 2>&1
cmp <(hashes "$root/work/quickstart") <(hashes "$work/clone") || fail "the bundle trains other models than the clone"

echo "bundle-test: $(stat -c %s "$archive") bytes; it runs $where, and trains the models that a clone does"
