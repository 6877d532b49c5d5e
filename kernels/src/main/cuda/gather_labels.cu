// The labels of a batch.
#include "simt.h"

namespace espalier {
namespace {

constexpr int THREADS = 128;

__global__ void gatherLabels(int batch, const int32_t* __restrict__ labels, const int32_t* __restrict__ indices,
                             int32_t* __restrict__ out) {
    const int b = blockIdx.x * THREADS + threadIdx.x;
    if (b < batch) {
        const long long at = slice(blockIdx.z, batch) + b;
        out[at] = labels[indices[at]];
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_gather_labels(int members, int examples, int batch, const int32_t* labels,
                                             const int32_t* indices, int32_t* out, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || examples < 1 || batch < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 grid(ceilDiv(batch, THREADS), 1, members);
    return LAUNCH((gatherLabels), grid, THREADS, 0, stream, batch, labels, indices, out);
}
