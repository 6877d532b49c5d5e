// Back through rows that were normalised by their own mean and variance: first the sums over each row, which are the gradients of
// gain and shift, then what every element gets, which needs them.
#include "row_pass.cuh"
#include "row_sums.cuh"

namespace espalier {
namespace {

template <int WIDTH>
__global__ void normaliseSums(int columns, float epsilon, const float* __restrict__ x, const float* __restrict__ mean,
                              const float* __restrict__ variance, const float* __restrict__ dy, float* __restrict__ dgain,
                              float* __restrict__ dshift) {
    SHARED(float, gainSums, [SUM_WARPS]);
    SHARED(float, shiftSums, [SUM_WARPS]);
    const long long row = slice(blockIdx.z, gridDim.x) + blockIdx.x;
    const float middle = mean[row];
    float gain = 0;
    float shift = 0;
    for (int i = threadIdx.x * WIDTH; i < columns; i += SUM_THREADS * WIDTH) {
        const auto values = load<WIDTH>(x + row * columns + i);
        const auto gradients = load<WIDTH>(dy + row * columns + i);
        for (int k = 0; k < WIDTH; k++) {
            gain = fmaf(gradients.at[k], values.at[k] - middle, gain);
            shift += gradients.at[k];
        }
    }
    gain = sumOfBlock(gain, gainSums);
    shift = sumOfBlock(shift, shiftSums);
    if (threadIdx.x == 0) {
        dgain[row] = gain / sqrtf(variance[row] + epsilon);
        dshift[row] = shift;
    }
}

template <int WIDTH>
__global__ void normaliseGradient(int rows, int columns, float epsilon, const float* __restrict__ x,
                                  const float* __restrict__ mean, const float* __restrict__ variance,
                                  const float* __restrict__ gain, const float* __restrict__ dy,
                                  const float* __restrict__ dgain, const float* __restrict__ dshift, float* __restrict__ dx) {
    const RowPart part(rows, columns);
    const float middle = mean[part.row];
    const float inverse = 1 / sqrtf(variance[part.row] + epsilon);
    const float scale = gain[part.row] * inverse;
    const float along = dgain[part.row] / columns * inverse;
    const float shared = dshift[part.row] / columns;
    forOwn<WIDTH>(part, [=](int i) {
        const auto values = load<WIDTH>(x + part.row * columns + i);
        auto gradients = load<WIDTH>(dy + part.row * columns + i);
        for (int k = 0; k < WIDTH; k++) {
            gradients.at[k] = scale * fmaf(middle - values.at[k], along, gradients.at[k] - shared);
        }
        store(dx + part.row * columns + i, gradients);
    });
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_normalise_sums(int members, int rows, int columns, float epsilon, const float* x,
                                              const float* mean, const float* variance, const float* dy, float* dgain,
                                              float* dshift, void* stream) {
    using namespace espalier;
    if (!validRows(members, rows, columns)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return byColumns(columns, [=](auto width) {
        return LAUNCH((normaliseSums<decltype(width)::value>), dim3(rows, 1, members), SUM_THREADS, 0, stream, columns, epsilon,
                      x, mean, variance, dy, dgain, dshift);
    });
}

ESPALIER_HOST_API int espalier_normalise_gradient(int members, int rows, int columns, float epsilon, const float* x,
                                                  const float* mean, const float* variance, const float* gain, const float* dy,
                                                  const float* dgain, const float* dshift, float* dx, void* stream) {
    using namespace espalier;
    if (!validPass(members, rows, columns)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return byColumns(columns, [=](auto width) {
        return LAUNCH((normaliseGradient<decltype(width)::value>), passGrid(members, rows, columns), PASS_THREADS, 0, stream,
                      rows, columns, epsilon, x, mean, variance, gain, dy, dgain, dshift, dx);
    });
}
