#!/bin/bash
# resources.sh OUT: what each kernel of nvcc.sh OUT needs on sm_80 and sm_90, as a Markdown table.
set -euo pipefail

demangle=c++filt
if command -v cu++filt > /dev/null; then demangle=cu++filt; fi

# One line a kernel and target: name, target, registers, bytes spilled, bytes of static shared memory.
awk '
  /Compiling entry function/ { split($0, quoted, "\047"); name = quoted[2]; target = quoted[4] }
  /spill stores/ { spilled = $5 + $9 }
  / Used [0-9]+ registers/ {
    match($0, /Used [0-9]+/); registers = substr($0, RSTART + 5, RLENGTH - 5)
    shared = match($0, /[0-9]+ bytes smem/) ? substr($0, RSTART, RLENGTH) + 0 : 0
    print name, target, registers, spilled, shared
  }' "$1/ptxas.txt" |
  while read -r name rest; do
    # Template arguments stay; return type, namespaces, casts in front of numbers and parameters go.
    short=$("$demangle" "$name" | sed -E 's/^void //; s/(\(anonymous namespace\)|[A-Za-z_0-9]+):://g; s/\([A-Za-z_ ]+\)([0-9])/\1/g; s/\(.*$//')
    echo "$short|$rest"
  done | sort -u | awk -F'|' '
  { split($2, fields, " ") }
  fields[1] == "sm_80" || fields[1] == "sm_90" {
    if (!($1 in shared)) { names[++count] = $1 }
    registers[$1, fields[1]] = fields[2]; spilled[$1] += fields[3]
    if (fields[4] >= shared[$1]) { shared[$1] = fields[4] }
  }
  END {
    print "| kernel | registers sm_80 | registers sm_90 | bytes spilled | bytes of static shared memory |"
    print "|---|---:|---:|---:|---:|"
    for (i = 1; i <= count; i++) {
      n = names[i]
      print "| `" n "` | " registers[n, "sm_80"] " | " registers[n, "sm_90"] " | " spilled[n] " | " shared[n] " |"
    }
  }'
