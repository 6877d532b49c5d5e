// Uniform numbers in [0, 1) at given positions of a stream, each from the 24 high bits of its own Philox word.
#include "elementwise.cuh"
#include "philox.cuh"

namespace espalier {
namespace {

template <bool WIDE>
__global__ void uniform(int elements, const int32_t* __restrict__ keys, const int32_t* __restrict__ step, int drawStream,
                        const int32_t* __restrict__ positions, float* __restrict__ out) {
    const Elements<WIDE> mine(elements);
    const PhiloxKey key = keyOf(keys, blockIdx.z);
    const int now = step[blockIdx.z];
    const Four<int32_t> position = mine.load(positions);
    Four<float> values;
    for (int i = 0; i < FOUR; i++) {
        values.at[i] = static_cast<float>(philoxWord(key, position.at[i], now, drawStream) >> 8) * 0x1p-24f;
    }
    mine.store(out, values);
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_uniform(int members, int elements, const int32_t* keys, const int32_t* step, int draw_stream,
                                       const int32_t* positions, float* out, void* stream) {
    using namespace espalier;
    if (!validElements(members, elements)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    return byWidth(elements, [=](auto wide) {
        return LAUNCH((uniform<decltype(wide)::value>), elementGrid(members, elements), ELEMENT_THREADS, 0, stream, elements,
                      keys, step, draw_stream, positions, out);
    });
}
