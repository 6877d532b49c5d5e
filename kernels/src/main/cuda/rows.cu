// Some rows of one tensor into another: how channels are put behind each other, and how their gradients come back.
#include "several.cuh"

namespace espalier {
namespace {

constexpr int THREADS = 256;

template <bool ADD, int WIDTH>
__global__ void moveRows(unsigned elements, int fromPerMember, const float* __restrict__ from, int toPerMember,
                         float* __restrict__ to) {
    const unsigned i = (blockIdx.x * THREADS + threadIdx.x) * WIDTH;
    if (i < elements) {
        auto values = load<WIDTH>(from + slice(blockIdx.z, fromPerMember) + i);
        to += slice(blockIdx.z, toPerMember) + i;
        if (ADD) {
            const auto before = load<WIDTH>(to);
            for (int k = 0; k < WIDTH; k++) {
                values.at[k] += before.at[k];
            }
        }
        store(to, values);
    }
}

// Rows from the first on of a member that has more, as many as another has.
bool valid(int members, int few, int many, int first, int columns) {
    return members >= 1 && members <= MAX_MEMBERS && few >= 1 && columns >= 1 && first >= 0 && first <= many - few;
}

template <bool ADD>
int move(int members, int rows, int fromRows, int toRows, int columns, const float* from, float* to, void* stream) {
    const unsigned elements = rows * columns;
    return byColumns(columns, [=](auto width) {
        const dim3 grid(ceilDiv(rows * columns, THREADS * decltype(width)::value), 1, members);
        return LAUNCH((moveRows<ADD, decltype(width)::value>), grid, THREADS, 0, stream, elements, fromRows * columns, from,
                      toRows * columns, to);
    });
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_copy_rows(int members, int from_rows, int to_rows, int first_row, int columns, const float* from,
                                         float* to, void* stream) {
    using namespace espalier;
    if (!valid(members, from_rows, to_rows, first_row, columns)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return move<false>(members, from_rows, from_rows, to_rows, columns, from, to + slice(first_row, columns), stream);
}

ESPALIER_HOST_API int espalier_add_rows(int members, int from_rows, int to_rows, int first_row, int columns, const float* from,
                                        float* to, void* stream) {
    using namespace espalier;
    if (!valid(members, to_rows, from_rows, first_row, columns)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return move<true>(members, to_rows, from_rows, to_rows, columns, from + slice(first_row, columns), to, stream);
}
