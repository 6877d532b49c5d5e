// Columns of a member's own table, such as a teacher's logits, for the examples of a batch.
#include "simt.h"

namespace espalier {
namespace {

constexpr int THREADS = 128;
// Features that a thread gathers with one look at its index.
constexpr int FEATURES = 4;

__global__ void gatherColumns(int features, int columns, int batch, const float* __restrict__ table,
                              const int32_t* __restrict__ indices, float* __restrict__ out) {
    const int across = ceilDiv(batch, THREADS);
    const int b = blockIdx.x % across * THREADS + threadIdx.x;
    const int first = blockIdx.x / across * FEATURES;
    if (b < batch) {
        const long long row = slice(blockIdx.z, features) + first;
        table += row * columns + indices[slice(blockIdx.z, batch) + b];
        out += row * batch + b;
        for (int f = 0; f < FEATURES && first + f < features; f++) {
            out[static_cast<long long>(f) * batch] = table[static_cast<long long>(f) * columns];
        }
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_gather_columns(int members, int features, int columns, int batch, const float* table,
                                              const int32_t* indices, float* out, void* stream) {
    using namespace espalier;
    if (members < 1 || members > MAX_MEMBERS || features < 1 || columns < 1 || batch < 1) {
        return ESPALIER_BAD_ARGUMENT;
    }
    const dim3 grid(ceilDiv(batch, THREADS) * ceilDiv(features, FEATURES), 1, members);
    return LAUNCH((gatherColumns), grid, THREADS, 0, stream, features, columns, batch, table, indices, out);
}
