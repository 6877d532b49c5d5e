package io.espalier.kernels;

import java.util.List;

/**
 * A library of CUDA that is no part of Espalier.
 *
 * @param name for people
 * @param file its name for the dynamic linker
 * @param product what contains it
 * @param wheel the Python package that contains it
 * @param functions those that Espalier calls; the presets look for one when it is called, and end the process if it is missing
 */
public record CudaLibrary(String name, String file, String product, String wheel, List<String> functions) {
    private static final String TOOLKIT = "the CUDA toolkit 13";

    /** What backend cuda needs besides its kernels, benchmarks included; a test compares the functions with those that it calls. */
    public static final CudaLibrary RUNTIME = new CudaLibrary(
            "cuda runtime",
            "libcudart.so.13",
            TOOLKIT,
            "nvidia-cuda-runtime",
            List.of(
                    "cudaDeviceGetAttribute",
                    "cudaDeviceGetDefaultMemPool",
                    "cudaEventCreate",
                    "cudaEventDestroy",
                    "cudaEventElapsedTime",
                    "cudaEventRecord",
                    "cudaEventSynchronize",
                    "cudaFreeAsync",
                    "cudaFreeHost",
                    "cudaGetErrorString",
                    "cudaGetLastError",
                    "cudaGraphDestroy",
                    "cudaGraphExecDestroy",
                    "cudaGraphInstantiate",
                    "cudaGraphLaunch",
                    "cudaHostAlloc",
                    "cudaMallocAsync",
                    "cudaMemGetInfo",
                    "cudaMemPoolSetAttribute",
                    "cudaMemcpyAsync",
                    "cudaMemsetAsync",
                    "cudaSetDevice",
                    "cudaStreamBeginCapture",
                    "cudaStreamCreateWithFlags",
                    "cudaStreamDestroy",
                    "cudaStreamEndCapture",
                    "cudaStreamSynchronize"));

    /** It brings 0.6 GB into the address space, which takes 0.1 s. */
    public static final CudaLibrary BLAS =
            new CudaLibrary("cublas", "libcublas.so.13", TOOLKIT, "nvidia-cublas", List.of());

    public static final CudaLibrary DNN =
            new CudaLibrary("cudnn", "libcudnn.so.9", "cuDNN 9", "nvidia-cudnn-cu13", List.of());

    /** How to get it, as the end of a sentence. */
    String advice() {
        return "install " + product + ", or `pip install " + wheel + "`";
    }
}
