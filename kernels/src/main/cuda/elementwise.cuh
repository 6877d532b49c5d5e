// Passes over (R, elements): a thread has four elements, four neighbours moved by one wide access where slices are aligned, else
// four that lie a block apart, so that a warp's accesses stay coalesced whatever the size is.
#pragma once

#include <type_traits>

#include "simt.h"

namespace espalier {

constexpr int ELEMENT_THREADS = 256;
constexpr int FOUR = 4;

// Four elements, moved as one.
template <typename T>
struct alignas(FOUR * sizeof(T)) Four {
    T at[FOUR];
};

// The elements of this thread; WIDE needs a number of elements that four divides.
template <bool WIDE>
class Elements {
public:
    __device__ explicit Elements(int elements)
        : elements_(elements),
          first_(blockIdx.x * (FOUR * ELEMENT_THREADS) + threadIdx.x * (WIDE ? FOUR : 1)),
          start_(slice(blockIdx.z, elements)) {}

    // What an array (R, elements) holds for this thread; zeros beyond its end.
    template <typename T>
    __device__ Four<T> load(const T* array) const {
        array += start_;
        Four<T> values = {};
        if (WIDE) {
            if (has(0)) {
                values = *reinterpret_cast<const Four<T>*>(array + first_);
            }
        } else {
            for (int i = 0; i < FOUR; i++) {
                if (has(i)) {
                    values.at[i] = array[index(i)];
                }
            }
        }
        return values;
    }

    template <typename T>
    __device__ void store(T* array, const Four<T>& values) const {
        array += start_;
        if (WIDE) {
            if (has(0)) {
                *reinterpret_cast<Four<T>*>(array + first_) = values;
            }
        } else {
            for (int i = 0; i < FOUR; i++) {
                if (has(i)) {
                    array[index(i)] = values.at[i];
                }
            }
        }
    }

private:
    __device__ unsigned index(int i) const { return first_ + i * (WIDE ? 1 : ELEMENT_THREADS); }
    __device__ bool has(int i) const { return index(i) < elements_; }

    unsigned elements_, first_;
    long long start_;
};

inline bool validElements(int members, int elements) { return members >= 1 && members <= MAX_MEMBERS && elements >= 1; }

inline dim3 elementGrid(int members, int elements) { return dim3(ceilDiv(elements, FOUR * ELEMENT_THREADS), 1, members); }

// Calls launch with std::true_type where wide accesses fit, else with std::false_type.
template <typename Launch>
int byWidth(int elements, Launch launch) {
    return elements % FOUR == 0 ? launch(std::true_type()) : launch(std::false_type());
}

}  // namespace espalier
