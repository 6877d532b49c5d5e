# Sourced by the scripts beside it, in the folder kernels/: objects of nvcc, each compiled only when something it reads changed.

# fresh STEM: whether STEM.o is there and no older than those of our files that STEM.d says it was made from.
fresh() {
  local source
  [ -f "$1.o" ] && [ -f "$1.d" ] || return 1
  # The toolkit's headers, whose paths are absolute, change with its version only.
  for source in $(sed 's/^.* : //; s/\\$//; /^ *\//d' "$1.d"); do
    [ -f "$source" ] && ! [ "$source" -nt "$1.o" ] || return 1
  done
}

# compile FILE STEM FLAG...: what ptxas says of registers stays in STEM.log; whatever else is said is shown.
compile() {
  local file=$1 stem=$2
  shift 2
  if ! nvcc "$@" -MMD -MF "$stem.d" -c "$file" -o "$stem.o" 2> "$stem.log"; then
    rm -f "$stem.o"
    cat "$stem.log" >&2
    return 1
  fi
  grep -vE '^ptxas info|^ +[0-9]+ bytes stack frame' "$stem.log" >&2 || true
}

# objects FOLDER FLAG... -- FILE...: brings FOLDER/NAME.o up to date for every FILE; afterwards $stems are their FOLDER/NAME.
objects() {
  local folder=$1 flags=() file stem jobs running=0 failed=0
  shift
  while [ "$1" != -- ]; do
    flags+=("$1")
    shift
  done
  shift
  mkdir -p "$folder"
  # Another compiler or other flags make every object old.
  { nvcc --version && printf '%s\n' "${flags[@]}"; } > "$folder/flags.new"
  cmp -s "$folder/flags.new" "$folder/flags" || rm -f "$folder"/*.o
  mv "$folder/flags.new" "$folder/flags"
  # Two targets of a file are compiled at a time (-t2).
  jobs=$((($(nproc) + 1) / 2))
  stems=()
  for file; do
    stem=$folder/$(basename "${file%.*}")
    stems+=("$stem")
    if ! fresh "$stem"; then
      if [ "$running" -ge "$jobs" ]; then
        wait -n || failed=1
        running=$((running - 1))
      fi
      compile "$file" "$stem" "${flags[@]}" &
      running=$((running + 1))
    fi
  done
  while [ "$running" -gt 0 ]; do
    wait -n || failed=1
    running=$((running - 1))
  done
  return "$failed"
}

# outdated RESULT STEM...: whether RESULT must be linked again: an object is newer, or there were others the last time.
outdated() {
  local result=$1 stem
  shift
  printf '%s\n' "$@" > "$result.objects.new"
  if ! cmp -s "$result.objects.new" "$result.objects"; then
    rm -f "$result"
  fi
  mv "$result.objects.new" "$result.objects"
  [ -f "$result" ] || return 0
  for stem; do
    if [ "$stem.o" -nt "$result" ]; then return 0; fi
  done
  return 1
}
