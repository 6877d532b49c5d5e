// The weights of a hashed layer from its buckets: a gather, whose index and result move 128 bits at a time where rows of both are
// aligned to that.
#include "simt.h"

namespace espalier {
namespace {

constexpr int THREADS = 256;

template <typename T, int COUNT>
struct alignas(COUNT * sizeof(T)) Vector {
    T at[COUNT];
};

template <int COUNT>
__global__ void expandBuckets(int elements, int capacity, const float* __restrict__ values, const int32_t* __restrict__ index,
                              float* __restrict__ out) {
    const int e = (blockIdx.x * THREADS + threadIdx.x) * COUNT;
    if (e < elements) {
        const float* const pool = values + slice(blockIdx.z, capacity);
        const long long at = slice(blockIdx.z, elements) + e;
        const auto entries = *reinterpret_cast<const Vector<int32_t, COUNT>*>(index + at);
        Vector<float, COUNT> expanded;
#pragma unroll
        for (int i = 0; i < COUNT; i++) {
            const float value = pool[entries.at[i] >> 1];
            expanded.at[i] = entries.at[i] & 1 ? -value : value;
        }
        *reinterpret_cast<Vector<float, COUNT>*>(out + at) = expanded;
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_expand_buckets(int members, int elements, int capacity, const float* values,
                                              const int32_t* index, float* out, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || elements < 1 || capacity < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    if (elements % 4 == 0) {
        const dim3 grid(ceilDiv(elements / 4, THREADS), 1, members);
        return LAUNCH((expandBuckets<4>), grid, THREADS, 0, stream, elements, capacity, values, index, out);
    }
    const dim3 grid(ceilDiv(elements, THREADS), 1, members);
    return LAUNCH((expandBuckets<1>), grid, THREADS, 0, stream, elements, capacity, values, index, out);
}
