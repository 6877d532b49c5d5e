#include "cases.h"

namespace driver {

void advance(Report& report) {
    for (int members : {1, 3, 200}) {
        report.begin("R=%d", members);
        Random random(static_cast<uint64_t>(members));
        std::vector<int32_t> expected = random.ints(static_cast<size_t>(members), 1000);
        Array<int32_t> counter(expected);
        report.launched(espalier_advance(members, counter, nullptr));
        for (int32_t& count : expected) {
            count++;
        }
        report.same("counter", counter.values(), expected);
    }
    report.begin("no members");
    report.refused(espalier_advance(0, nullptr, nullptr));
}

void lookUp(Report& report) {
    for (int members : {1, 3, 200}) {
        for (int columns : {1, 31, 300}) {
            report.begin("R=%d N=%d", members, columns);
            Random random(static_cast<uint64_t>(columns));
            const std::vector<float> table = random.reals(static_cast<size_t>(members) * columns);
            const std::vector<int32_t> counter = random.ints(static_cast<size_t>(members), 100000);
            Array<float> tables(table);
            Array<int32_t> counters(counter);
            Array<float> out(static_cast<size_t>(members));
            report.launched(espalier_look_up(members, columns, tables, counters, out, nullptr));
            std::vector<float> expected;
            for (int r = 0; r < members; r++) {
                expected.push_back(table[static_cast<size_t>(r) * columns + counter[r] % columns]);
            }
            report.same("out", out.values(), expected);
        }
    }
    report.begin("no columns");
    report.refused(espalier_look_up(1, 0, nullptr, nullptr, nullptr, nullptr));
}

void range(Report& report) {
    for (int members : MEMBERS) {
        for (int batch : {1, 128, 500}) {
            report.begin("R=%d B=%d", members, batch);
            Array<int32_t> indices(static_cast<size_t>(members) * batch);
            report.launched(espalier_range(members, batch, 7000, indices, nullptr));
            std::vector<int32_t> expected;
            for (int i = 0; i < members * batch; i++) {
                expected.push_back(7000 + i % batch);
            }
            report.same("indices", indices.values(), expected);
        }
    }
    report.begin("no batch");
    report.refused(espalier_range(1, 0, 0, nullptr, nullptr));
}

}  // namespace driver
