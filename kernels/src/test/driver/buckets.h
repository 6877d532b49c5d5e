// Indices for the cases of hashed weights: spread over all buckets, or most elements in one bucket.
#pragma once

#include "driver.h"

namespace driver {

struct BucketCase {
    int elements, capacity;
    // Of a hundred elements, how many fall into the same bucket whatever their hash.
    int crowd;
};

// One element, one bucket, many more buckets than elements, buckets that a thread sorts and buckets that a block sorts, buckets
// that a lane adds and buckets that a warp adds with the bound between them, more buckets than a block scans at once.
constexpr BucketCase BUCKET_CASES[] = {{1, 1, 0},      {7, 1, 0},       {5, 300, 0},     {64, 64, 0},     {130, 2, 0},
                                       {1009, 64, 0},  {1600, 100, 0},  {1601, 100, 0},  {1000, 257, 60}, {3000, 10, 0},
                                       {4097, 3, 100}, {6000, 5000, 0}, {4000, 600, 90}, {2000, 4097, 5}};

// Entries for each member, drawn for itself.
inline std::vector<int32_t> entries(int members, const BucketCase& size) {
    std::vector<int32_t> all;
    for (int r = 0; r < members; r++) {
        Random random(static_cast<uint64_t>(size.elements * 100 + r));
        const int crowded = random.below(size.capacity);
        for (int e = 0; e < size.elements; e++) {
            const int bucket = random.below(100) < size.crowd ? crowded : random.below(size.capacity);
            all.push_back(2 * bucket + random.below(2));
        }
    }
    return all;
}

// What espalier_invert_index says of entries.
struct Inverse {
    Inverse(int members, const BucketCase& size, const std::vector<int32_t>& entries) {
        for (int r = 0; r < members; r++) {
            std::vector<std::vector<uint32_t>> buckets(size.capacity);
            for (int e = 0; e < size.elements; e++) {
                const uint32_t entry = static_cast<uint32_t>(entries[static_cast<size_t>(r) * size.elements + e]);
                buckets[entry / 2].push_back(static_cast<uint32_t>(e) | entry % 2 << 31);
            }
            int start = 0;
            for (const std::vector<uint32_t>& bucket : buckets) {
                starts.push_back(start);
                positions.insert(positions.end(), bucket.begin(), bucket.end());
                start += static_cast<int>(bucket.size());
            }
            starts.push_back(start);
        }
    }

    std::vector<int32_t> starts;
    std::vector<uint32_t> positions;
};

}  // namespace driver
