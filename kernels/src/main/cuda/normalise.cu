// Rows moved to mean 0 and variance 1 and on to a learned gain and shift; and rows scaled as that scales them.
#include "row_pass.cuh"

namespace espalier {
namespace {

template <int WIDTH>
__global__ void normalise(int rows, int columns, float epsilon, const float* __restrict__ x, const float* __restrict__ mean,
                          const float* __restrict__ variance, const float* __restrict__ gain, const float* __restrict__ shift,
                          float* __restrict__ y) {
    const RowPart part(rows, columns);
    const float middle = mean[part.row];
    const float scale = gain[part.row] / sqrtf(variance[part.row] + epsilon);
    const float to = shift[part.row];
    forOwn<WIDTH>(part, [=](int i) {
        auto values = load<WIDTH>(x + part.row * columns + i);
        for (float& value : values.at) {
            value = fmaf(scale, value - middle, to);
        }
        store(y + part.row * columns + i, values);
    });
}

template <int WIDTH>
__global__ void scaleRows(int rows, int columns, float epsilon, bool squared, const float* __restrict__ x,
                          const float* __restrict__ variance, const float* __restrict__ gain, float* __restrict__ out) {
    const RowPart part(rows, columns);
    float scale = gain[part.row] / sqrtf(variance[part.row] + epsilon);
    if (squared) {
        scale *= scale;
    }
    forOwn<WIDTH>(part, [=](int i) {
        auto values = load<WIDTH>(x + part.row * columns + i);
        for (float& value : values.at) {
            value *= scale;
        }
        store(out + part.row * columns + i, values);
    });
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_normalise(int members, int rows, int columns, float epsilon, const float* x, const float* mean,
                                         const float* variance, const float* gain, const float* shift, float* y, void* stream) {
    using namespace espalier;
    if (!validPass(members, rows, columns)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return byColumns(columns, [=](auto width) {
        return LAUNCH((normalise<decltype(width)::value>), passGrid(members, rows, columns), PASS_THREADS, 0, stream, rows,
                      columns, epsilon, x, mean, variance, gain, shift, y);
    });
}

ESPALIER_HOST_API int espalier_scale_rows(int members, int rows, int columns, float epsilon, int power, const float* x,
                                          const float* variance, const float* gain, float* out, void* stream) {
    using namespace espalier;
    if (!validPass(members, rows, columns) || power < 1 || power > 2) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return byColumns(columns, [=](auto width) {
        return LAUNCH((scaleRows<decltype(width)::value>), passGrid(members, rows, columns), PASS_THREADS, 0, stream, rows,
                      columns, epsilon, power == 2, x, variance, gain, out);
    });
}
