// Sparse patterns for the cases of sparse maps: even, skewed, with empty rows and columns, empty, full.
#pragma once

#include <algorithm>
#include <cstddef>

#include "driver.h"

namespace driver {

// How the weights of a member lie.
enum class Kind { EVEN, SKEWED, HOLLOW, EMPTY, FULL };
constexpr Kind KINDS[] = {Kind::EVEN, Kind::SKEWED, Kind::HOLLOW, Kind::EMPTY, Kind::FULL};

// Layers beside LAYERS: every width of groups, rows longer than a group shares, a batch of several strips.
constexpr LayerSize SPARSE_LAYERS[] = {{3, 150, 8}, {6, 40, 64}, {2, 9, 516}};

// Runs body(size, kind) for all of them.
template <typename Body>
void forSparseCases(Body body) {
    for (const Kind kind : KINDS) {
        for (const LayerSize& size : LAYERS) {
            body(size, kind);
        }
        for (const LayerSize& size : SPARSE_LAYERS) {
            body(size, kind);
        }
    }
}

// The patterns of some members, and numbers that each member draws for itself; what is unused is poisoned.
class SparseCase {
public:
    SparseCase(int members, const LayerSize& size, Kind kind) : members(members), size(size), kind_(kind) {
        for (int r = 0; r < members; r++) {
            masks_.push_back(mask(r));
            capacity = std::max(capacity, static_cast<int>(std::count(masks_[r].begin(), masks_[r].end(), 1)));
        }
        // More room than any member needs.
        capacity += members;
        rowStarts.assign(static_cast<size_t>(members) * (size.outputs + 1), 0);
        columnStarts.assign(static_cast<size_t>(members) * (size.inputs + 1), 0);
        columns.assign(static_cast<size_t>(members) * capacity, UNUSED);
        rows = order = columns;
        for (int r = 0; r < members; r++) {
            fill(r);
        }
    }

    // Whether the case has a weight there.
    bool has(int r, int o, int i) const { return masks_[r][static_cast<size_t>(o) * size.inputs + i] != 0; }
    int starts(int r, int o) const { return rowStarts[static_cast<size_t>(r) * (size.outputs + 1) + o]; }
    int column(int r, int k) const { return columns[at(r, k)]; }
    size_t at(int r, int k) const { return static_cast<size_t>(r) * capacity + k; }

    // One number a weight, NaN where unused.
    std::vector<float> values(int stream) const {
        std::vector<float> all(static_cast<size_t>(members) * capacity, NAN);
        for (int r = 0; r < members; r++) {
            Random random(seed(r, stream));
            for (int k = 0; k < starts(r, size.outputs); k++) {
                all[at(r, k)] = random.real();
            }
        }
        return all;
    }

    // (R, features, batch).
    std::vector<float> activations(int features, int stream) const {
        std::vector<float> all;
        for (int r = 0; r < members; r++) {
            const std::vector<float> own = Random(seed(r, stream)).reals(static_cast<size_t>(features) * size.batch);
            all.insert(all.end(), own.begin(), own.end());
        }
        return all;
    }

    // As activations, the first feature NaN where the pattern has no weights there: kernels may load it, but not use it.
    std::vector<float> poisoned(int features, int stream) const {
        std::vector<float> all = activations(features, stream);
        for (int r = 0; r < members; r++) {
            if (kindOf(r) == Kind::HOLLOW) {
                std::fill_n(all.begin() + static_cast<std::ptrdiff_t>(r) * features * size.batch, size.batch, NAN);
            }
        }
        return all;
    }

    const char* kind() const {
        constexpr const char* NAMES[] = {"even", "skewed", "hollow", "empty", "full"};
        return NAMES[static_cast<int>(kind_)];
    }

    const int members;
    const LayerSize size;
    int capacity = 0;
    std::vector<int32_t> rowStarts, columns, columnStarts, rows, order;

private:
    static constexpr int32_t UNUSED = 0x7fffffff;

    static uint64_t seed(int r, int stream) { return static_cast<uint64_t>(1000 * r + stream); }

    Kind kindOf(int r) const { return static_cast<Kind>((static_cast<int>(kind_) + 2 * r) % 5); }

    std::vector<uint8_t> mask(int r) const {
        Random random(seed(r, 0));
        std::vector<uint8_t> mask = random.bytes(static_cast<size_t>(size.outputs) * size.inputs, 0.3);
        for (int o = 0; o < size.outputs; o++) {
            for (int i = 0; i < size.inputs; i++) {
                uint8_t& weight = mask[static_cast<size_t>(o) * size.inputs + i];
                switch (kindOf(r)) {
                    case Kind::EVEN:
                        break;
                    case Kind::SKEWED:
                        weight = o == size.outputs / 2 || i == size.inputs / 3 || (weight != 0 && (o + i) % 7 == 0);
                        break;
                    case Kind::HOLLOW:
                        weight = weight != 0 && o % 3 != 0 && i % 4 != 0;
                        break;
                    case Kind::EMPTY:
                        weight = 0;
                        break;
                    case Kind::FULL:
                        weight = 1;
                        break;
                }
            }
        }
        return mask;
    }

    void fill(int r) {
        int32_t* const rowStart = &rowStarts[static_cast<size_t>(r) * (size.outputs + 1)];
        int32_t* const columnStart = &columnStarts[static_cast<size_t>(r) * (size.inputs + 1)];
        std::vector<std::vector<int>> numbers(size.inputs);
        std::vector<std::vector<int>> rowsOf(size.inputs);
        int count = 0;
        for (int o = 0; o < size.outputs; o++) {
            for (int i = 0; i < size.inputs; i++) {
                if (has(r, o, i)) {
                    numbers[i].push_back(count);
                    rowsOf[i].push_back(o);
                    columns[at(r, count++)] = i;
                }
            }
            rowStart[o + 1] = count;
        }
        for (int i = 0; i < size.inputs; i++) {
            const int start = columnStart[i];
            columnStart[i + 1] = start + static_cast<int>(numbers[i].size());
            std::copy(numbers[i].begin(), numbers[i].end(), order.begin() + static_cast<std::ptrdiff_t>(at(r, start)));
            std::copy(rowsOf[i].begin(), rowsOf[i].end(), rows.begin() + static_cast<std::ptrdiff_t>(at(r, start)));
        }
    }

    Kind kind_;
    std::vector<std::vector<uint8_t>> masks_;
};

// The first part of an array of members: what member 0 has.
template <typename T>
std::vector<T> firstMember(const std::vector<T>& all, size_t perMember) {
    return std::vector<T>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(perMember));
}

}  // namespace driver
