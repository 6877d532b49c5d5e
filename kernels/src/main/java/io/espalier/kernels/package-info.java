/** The CUDA kernel library as Java sees it: its functions, whether they can be used here, if not why. Imports nothing of Espalier. */
package io.espalier.kernels;
