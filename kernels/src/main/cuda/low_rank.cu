// Maps through a few hidden units, of which each member has its own number. The tile is always the small one: a rule that looked
// at the capacity would let the ranks of other members decide the order of a member's sums.
#include "product.cuh"

namespace espalier {
namespace {

bool validSizes(int members, int capacity, int outputs, int inputs, int batch) {
    return members >= 1 && members <= MAX_MEMBERS && capacity >= 1 && outputs >= 1 && inputs >= 1 && batch >= 1;
}

// hidden = first x, out = second' hidden, with `rows` rows of `out` and the sum over `depth` rows of x in hidden.
int launchThrough(int members, int capacity, int rows, int depth, int batch, const int32_t* ranks, const float* first,
                  const float* second, const float* x, float* hidden, float* out, void* stream) {
    if (!validSizes(members, capacity, rows, depth, batch)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    using Into = Form<Inner::SUM, Inner::FREE, true, Squared::NEITHER>;
    const Extent few = {capacity, batch, depth, ranks, nullptr, false};
    const int status = launchTiles<Into, SmallTile>(members, few, {{first, nullptr}, slice(capacity, depth)},
                                                    {{x, nullptr}, slice(depth, batch)},
                                                    {{hidden, nullptr}, slice(capacity, batch)}, stream);
    if (status != 0) {
        return status;
    }
    using OutOf = Form<Inner::FREE, Inner::FREE, true, Squared::NEITHER>;
    const Extent all = {rows, batch, capacity, nullptr, ranks, false};
    return launchTiles<OutOf, SmallTile>(members, all, {{second, nullptr}, slice(capacity, rows)},
                                         {{hidden, nullptr}, slice(capacity, batch)}, {{out, nullptr}, slice(rows, batch)},
                                         stream);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_low_rank_linear(int members, int capacity, int outputs, int inputs, int batch,
                                               const int32_t* ranks, const float* fixed, const float* learned, const float* x,
                                               float* hidden, float* z, void* stream) {
    using namespace espalier;
    return launchThrough(members, capacity, outputs, inputs, batch, ranks, fixed, learned, x, hidden, z, stream);
}

ESPALIER_HOST_API int espalier_low_rank_input_gradient(int members, int capacity, int outputs, int inputs, int batch,
                                                       const int32_t* ranks, const float* fixed, const float* learned,
                                                       const float* dz, float* dhidden, float* dx, void* stream) {
    using namespace espalier;
    return launchThrough(members, capacity, inputs, outputs, batch, ranks, learned, fixed, dz, dhidden, dx, stream);
}

ESPALIER_HOST_API int espalier_low_rank_weight_gradient(int members, int capacity, int outputs, int batch, const int32_t* ranks,
                                                        const float* dz, const float* hidden, float* dlearned, void* stream) {
    using namespace espalier;
    if (!validSizes(members, capacity, outputs, 1, batch)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    using WeightGradient = Form<Inner::SUM, Inner::SUM, true, Squared::NEITHER>;
    const Extent extent = {capacity, outputs, batch, ranks, nullptr, true};
    return launchTiles<WeightGradient, SmallTile>(members, extent, {{hidden, nullptr}, slice(capacity, batch)},
                                                  {{dz, nullptr}, slice(outputs, batch)},
                                                  {{dlearned, nullptr}, slice(capacity, outputs)}, stream);
}
