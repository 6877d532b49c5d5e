#include "cases.h"
#include "gather.h"

namespace driver {

void gather(Report& report) {
    for (int members : MEMBERS) {
        for (const GatherSize& size : GATHER_SIZES) {
            report.begin("R=%d N=%d F=%d B=%d", members, size.examples, size.features, size.batch);
            Random random(static_cast<uint64_t>(size.features));
            std::vector<uint8_t> data;
            for (int32_t value : random.ints(static_cast<size_t>(size.examples) * size.features, 256)) {
                data.push_back(static_cast<uint8_t>(value));
            }
            const std::vector<int32_t> indices = random.ints(static_cast<size_t>(members) * size.batch, size.examples);
            Array<float> out(static_cast<size_t>(members) * size.features * size.batch);
            report.launched(espalier_gather(members, size.examples, size.features, size.batch, Array<uint8_t>(data),
                                            Array<int32_t>(indices), out, nullptr));
            const std::vector<float> got = out.values();
            for (size_t i = 0; i < got.size(); i++) {
                const size_t b = i % size.batch, f = i / size.batch % size.features, r = i / size.batch / size.features;
                const double expected = data[static_cast<size_t>(indices[r * size.batch + b]) * size.features + f] / 255.0;
                report.close("out", i, got[i], expected, 2 * UNIT_ROUNDOFF * expected);
            }
        }
    }
    report.begin("no features");
    report.refused(espalier_gather(1, 1, 0, 1, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
