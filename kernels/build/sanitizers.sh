#!/bin/bash
# sanitizers.sh OUT: runs the driver's cases under AddressSanitizer and UndefinedBehaviorSanitizer, in both orders of the threads.
# These see what the race checker does not: the threads' own arrays, the launchers, signed overflow, misaligned vectors.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

OBJECTS=()
compile sanitizers/objects -fsanitize=address,undefined -fno-sanitize-recover=all -- "${SIMT[@]}" "${DRIVER[@]}" "${KERNELS[@]}"
finish
link sanitizers/kernel-driver -fsanitize=address,undefined "${OBJECTS[@]}" -lpthread

# A variable outlives its function on the fake stacks that the option is about; fibres have none.
export ASAN_OPTIONS=detect_stack_use_after_return=0
export UBSAN_OPTIONS=print_stacktrace=1
for order in forward reverse; do
    echo "$order order"
    ESPALIER_SIMT_ORDER=$order "$OUT/sanitizers/kernel-driver"
done
