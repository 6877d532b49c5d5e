/**
 * NVIDIA's libraries on our tensors, for benchmarks to compare with and for backend cuda-tf32, whose dense products are cuBLAS's. They are
 * called by their C interfaces, because the presets' binding of cuSPARSE lacks the product itself. Imports backend and backend.cuda.
 */
package io.espalier.backend.cuda.peers;
