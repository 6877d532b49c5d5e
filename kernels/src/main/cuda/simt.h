// How one source becomes a kernel: nvcc compiles it for a GPU, g++ for the emulator of src/test/simt.
//
// A kernel is an ordinary __global__ function; what differs between the compilers is hidden behind four macros:
//   SHARED(float, tile, [32][33]);             shared memory of fixed size
//   DYNAMIC_SHARED(float, pool);               shared memory of the size given at the launch, aligned to 16 bytes
//   LAUNCH((expand<4, 128>), grid, block, bytes, stream, arguments...)     the parentheses keep the template's commas together
//   ESPALIER_HOST_API                          in front of a launcher's definition
// LAUNCH is an expression, the status of the launch.
#pragma once

#include "espalier_kernels.h"

#ifdef __CUDACC__

#include <cuda_runtime.h>

#define SHARED(type, name, dims) __shared__ type name dims
#define DYNAMIC_SHARED(type, name)                                \
    extern __shared__ __align__(16) unsigned char dynamicShared[]; \
    type* const name = reinterpret_cast<type*>(dynamicShared)
#define SIMT_UNWRAP(...) __VA_ARGS__
#define LAUNCH(kernel, grid, block, bytes, stream, ...) \
    (SIMT_UNWRAP kernel<<<(grid), (block), (bytes), static_cast<cudaStream_t>(stream)>>>(__VA_ARGS__), \
     static_cast<int>(cudaGetLastError()))

#else

#include "emulator.h"

#endif

#define ESPALIER_HOST_API extern "C" ESPALIER_API

namespace espalier {

constexpr int WARP = 32;
constexpr unsigned ALL_LANES = 0xffffffffu;
// Members are a grid's z; CUDA has room for this many.
constexpr int MAX_MEMBERS = 65535;

// How many groups of `size` hold `count` things.
__host__ __device__ constexpr int ceilDiv(int count, int size) { return count / size + (count % size != 0); }

// Where the slice of a member begins.
__host__ __device__ inline long long slice(int member, long long perMember) { return member * perMember; }

}  // namespace espalier
