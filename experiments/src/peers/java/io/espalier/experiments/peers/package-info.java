/** What libtorch does in {@code espalier bench train --peers}; built with {@code -Ppeers} only. */
package io.espalier.experiments.peers;
