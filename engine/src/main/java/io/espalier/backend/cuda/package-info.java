/** The ops on an NVIDIA GPU: our kernels, device memory in explicit scopes. Only {@code CudaDevice} knows the CUDA runtime. */
package io.espalier.backend.cuda;
