/** One training step of Espalier beside one of libtorch, for {@code ci/bench-train.sh}. */
package io.espalier.experiments.peers;
