#include "buckets.h"
#include "cases.h"

namespace driver {
namespace {

void invert(Report& report, int members, const BucketCase& size) {
    report.begin("R=%d n=%d K=%d crowd=%d", members, size.elements, size.capacity, size.crowd);
    const std::vector<int32_t> own = entries(members, size);
    const Inverse expected(members, size, own);
    Array<int32_t> index(own), starts(expected.starts.size());
    Array<uint32_t> positions(own.size());
    Array<int32_t> cursor(static_cast<size_t>(members) * size.capacity);
    report.launched(espalier_invert_index(members, size.elements, size.capacity, index, starts, positions, cursor, nullptr));
    report.same("starts", starts.values(), expected.starts);
    report.same("positions", positions.values(), expected.positions);
}

}  // namespace

void invertIndex(Report& report) {
    for (int members : MEMBERS) {
        for (const BucketCase& size : BUCKET_CASES) {
            invert(report, members, size);
        }
    }
    // All in one bucket.
    invert(report, 1, {100000, 2, 100});
    report.begin("no elements");
    report.refused(espalier_invert_index(1, 0, 1, nullptr, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
