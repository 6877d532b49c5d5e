// Random numbers as the Java side defines them, written as it is written there; golden numbers in the cases come from Java.
#pragma once

#include <array>

#include "driver.h"

namespace driver {

// Seeds of the golden numbers, low word first.
constexpr int32_t GOLDEN_KEYS[2][2] = {{0x12345678, 0x0fedcba9}, {-1, 7}};

inline std::array<uint32_t, 4> philox(const int32_t* key, int index, int step, int stream, int block) {
    uint32_t k0 = static_cast<uint32_t>(key[0]), k1 = static_cast<uint32_t>(key[1]);
    uint32_t c0 = static_cast<uint32_t>(index), c1 = static_cast<uint32_t>(step);
    uint32_t c2 = static_cast<uint32_t>(stream), c3 = static_cast<uint32_t>(block);
    for (int round = 0; round < 10; round++) {
        const uint64_t product0 = uint64_t(0xD2511F53) * c0;
        const uint64_t product1 = uint64_t(0xCD9E8D57) * c2;
        c0 = static_cast<uint32_t>(product1 >> 32) ^ c1 ^ k0;
        c1 = static_cast<uint32_t>(product1);
        c2 = static_cast<uint32_t>(product0 >> 32) ^ c3 ^ k1;
        c3 = static_cast<uint32_t>(product0);
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    return {c0, c1, c2, c3};
}

// Dropout of up to three members, each with its own seed, step and rate.
struct Drops {
    std::vector<int32_t> keys, steps;
    std::vector<float> rates;
    // Which unit each row is, a list a member; empty: row i is unit i.
    std::vector<int32_t> units;
    int stream;

    // The first has this rate, the next a half of it, a third of it.
    Drops(int members, float rate, int stream) : stream(stream) {
        for (int r = 0; r < members; r++) {
            const int32_t* key = GOLDEN_KEYS[r % 2];
            keys.insert(keys.end(), key, key + 2);
            steps.push_back(777 + 1000 * r);
            rates.push_back(rate / static_cast<float>(r + 1));
        }
    }

    // Of so many rows, those whose number in the original layer member r has kept.
    void shrink(int rows) {
        for (int r = 0; r < static_cast<int>(rates.size()); r++) {
            for (int row = 0; row < rows; row++) {
                units.push_back(2 * row + 1 + r + row / 3);
            }
        }
    }

    int threshold(int r) const { return static_cast<int>(std::rint(double(rates[r]) * 65536)); }
    double scale(int r) const { return 65536.0 / (65536 - threshold(r)); }
    bool survives(int r, int row, int column) const {
        const int unit = units.empty() ? row : units[units.size() / rates.size() * static_cast<size_t>(r) + static_cast<size_t>(row)];
        const uint32_t word = philox(&keys[2 * r], unit, steps[r], stream, column / 8)[column % 8 / 2];
        return static_cast<int>(word >> 16 * (column % 2) & 0xffff) >= threshold(r);
    }
};

}  // namespace driver
