// Which examples a batch holds: positions of the epoch's shuffled order. Six threads make the keys that all positions share.
#include "shuffle.cuh"

namespace espalier {
namespace {

constexpr int THREADS = 128;

__global__ void batchIndices(int examples, int batchSize, int batch, const int32_t* __restrict__ keys,
                             const int32_t* __restrict__ step, int32_t* __restrict__ indices) {
    SHARED(uint32_t, roundKeys, [SHUFFLE_ROUNDS]);
    const int steps = ceilDiv(examples, batchSize);
    const int now = step[blockIdx.z];
    if (threadIdx.x < SHUFFLE_ROUNDS) {
        roundKeys[threadIdx.x] = shuffleKey(keyOf(keys, blockIdx.z), now / steps, threadIdx.x);
    }
    __syncthreads();
    const int b = blockIdx.x * THREADS + threadIdx.x;
    if (b < batch) {
        indices[slice(blockIdx.z, batch) + b] = shuffled(roundKeys, examples, now % steps * batchSize + b);
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_batch_indices(int members, int examples, int batch_size, int batch, const int32_t* keys,
                                             const int32_t* step, int32_t* indices, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || batch_size < 1 || batch < 1 || examples < batch) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 grid(ceilDiv(batch, THREADS), 1, members);
    return LAUNCH((batchIndices), grid, THREADS, 0, stream, examples, batch_size, batch, keys, step, indices);
}
