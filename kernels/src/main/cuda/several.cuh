// Neighbours that a thread moves by one access: four where four divides the columns of a tensor, so that all rows begin aligned,
// else one.
#pragma once

#include <type_traits>

#include "simt.h"

namespace espalier {

template <typename T, int WIDTH>
struct alignas(WIDTH * sizeof(T)) Several {
    T at[WIDTH];
};

template <int WIDTH, typename T>
__device__ inline Several<T, WIDTH> load(const T* from) {
    return *reinterpret_cast<const Several<T, WIDTH>*>(from);
}

template <int WIDTH, typename T>
__device__ inline void store(T* to, const Several<T, WIDTH>& values) {
    *reinterpret_cast<Several<T, WIDTH>*>(to) = values;
}

// Calls launch with how many numbers a thread moves at once, where rows have so many columns.
template <typename Launch>
int byColumns(int columns, Launch launch) {
    return columns % 4 == 0 ? launch(std::integral_constant<int, 4>()) : launch(std::integral_constant<int, 1>());
}

}  // namespace espalier
