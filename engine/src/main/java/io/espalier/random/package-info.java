/** Counter-based random numbers: the same bits in Java and CUDA, whatever the order of asking. Imports nothing of Espalier. */
package io.espalier.random;
