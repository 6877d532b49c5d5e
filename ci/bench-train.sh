#!/bin/sh
# ci/bench-train.sh [ROUNDS [lenet-300-100|lenet-5]]: our training step against libtorch's, one thread each, in turn. Builds with -Ppeers (fetches libtorch).
# Leaves the tree built with that profile; the next plain build undoes it.
set -eu
cd "$(dirname "$0")/.."
mvn -q -B -Ppeers -DskipTests clean package
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "experiments/target/espalier-experiments-0.1.0.jar:experiments/target/lib/*" \
  io.espalier.experiments.peers.TrainStepBench "${1:-30}" "${2:-lenet-300-100}"
