// Mean and variance along rows, in two passes: sums of squares would lose what a large mean covers.
#include "row_sums.cuh"

namespace espalier {
namespace {

template <int WIDTH>
__global__ void mean(int columns, const float* __restrict__ x, float* __restrict__ out) {
    SHARED(float, warpSums, [SUM_WARPS]);
    const long long row = slice(blockIdx.z, gridDim.x) + blockIdx.x;
    float sum = 0;
    for (int i = threadIdx.x * WIDTH; i < columns; i += SUM_THREADS * WIDTH) {
        for (const float value : load<WIDTH>(x + row * columns + i).at) {
            sum += value;
        }
    }
    sum = sumOfBlock(sum, warpSums);
    if (threadIdx.x == 0) {
        out[row] = sum / columns;
    }
}

template <int WIDTH>
__global__ void variance(int columns, const float* __restrict__ x, const float* __restrict__ means, float* __restrict__ out) {
    SHARED(float, warpSums, [SUM_WARPS]);
    const long long row = slice(blockIdx.z, gridDim.x) + blockIdx.x;
    const float middle = means[row];
    float sum = 0;
    for (int i = threadIdx.x * WIDTH; i < columns; i += SUM_THREADS * WIDTH) {
        for (const float value : load<WIDTH>(x + row * columns + i).at) {
            sum = fmaf(value - middle, value - middle, sum);
        }
    }
    sum = sumOfBlock(sum, warpSums);
    if (threadIdx.x == 0) {
        out[row] = sum / columns;
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_mean(int members, int rows, int columns, const float* x, float* out, void* stream) {
    using namespace espalier;
    if (!validRows(members, rows, columns)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return byColumns(columns, [=](auto width) {
        return LAUNCH((mean<decltype(width)::value>), dim3(rows, 1, members), SUM_THREADS, 0, stream, columns, x, out);
    });
}

ESPALIER_HOST_API int espalier_variance(int members, int rows, int columns, const float* x, const float* mean, float* out,
                                        void* stream) {
    using namespace espalier;
    if (!validRows(members, rows, columns)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return byColumns(columns, [=](auto width) {
        return LAUNCH((variance<decltype(width)::value>), dim3(rows, 1, members), SUM_THREADS, 0, stream, columns, x, mean, out);
    });
}
