// Back through dropout and activation in one pass; the draws are made again, which costs less than a mask in memory.
#include <type_traits>

#include "activation.cuh"
#include "dropout.cuh"

namespace espalier {
namespace {

template <typename F, bool DROPPING>
__global__ void activationGradient(int outputs, int batch, const float* __restrict__ a, float* __restrict__ da,
                                   Dropout dropout) {
    const int r = blockIdx.z;
    const Tile tile(outputs, batch);
    const long long start = slice(r, static_cast<long long>(outputs) * batch);
    a += start;
    da += start;
    float values[TILE_UNITS];
    tile.load(a, values);
    float gradients[TILE_UNITS];
    tile.load(da, gradients);
    const DropRate rate(dropout, r);
    const Survivors<DROPPING> survivors(dropout, rate, tile, r);
    for (int u = 0; u < TILE_UNITS; u++) {
        const bool survives = survivors.has(u);
        if (tile.has(u)) {
            da[tile.at(u)] = survives ? gradients[u] * rate.scale * F::slope(values[u] * rate.unscale) : 0;
        }
    }
}

}  // namespace
}  // namespace espalier

ESPALIER_HOST_API int espalier_activation_gradient(int members, int outputs, int batch, int activation, const float* a,
                                                   float* da, const int32_t* keys, const int32_t* step, const float* rate,
                                                   const int32_t* units, int drop_stream, void* stream) {
    using namespace espalier;
    const Dropout dropout = {keys, step, rate, units, drop_stream};
    if (members < 1 || members > MAX_MEMBERS || outputs < 1 || batch < 1 || !valid(dropout)) {
        return ESPALIER_BAD_ARGUMENT;
    }
    if (activation == ESPALIER_LINEAR && !drops(dropout)) {
        return 0;
    }
    const dim3 grid = tileGrid(members, outputs, batch);
    return byActivation(activation, [=](auto f) {
        using F = decltype(f);
        // A positive output of relu survived, and zero has slope zero either way: its draws are not needed again.
        constexpr bool DRAWN = !std::is_same<F, Relu>::value;
        return drops(dropout)
                   ? LAUNCH((activationGradient<F, DRAWN>), grid, TILE_THREADS, 0, stream, outputs, batch, a, da, dropout)
                   : LAUNCH((activationGradient<F, false>), grid, TILE_THREADS, 0, stream, outputs, batch, a, da, dropout);
    });
}
