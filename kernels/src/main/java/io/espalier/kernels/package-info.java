/** The CUDA kernel library as Java sees it: whether it is there, and if not, why. Imports nothing of Espalier. */
package io.espalier.kernels;
