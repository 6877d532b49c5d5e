#include "cases.h"
#include "products.h"

namespace driver {

namespace {

// (few rows, many rows, first, columns).
struct Part {
    int few, many, first, columns;
};
constexpr Part PARTS[] = {{1, 1, 0, 1}, {2, 5, 3, 7}, {3, 4, 0, 33}, {5, 5, 0, 8}, {2, 9, 4, 1028}, {1, 3, 2, 1500}};

template <typename Kernel>
void refuseParts(Report& report, Kernel kernel) {
    report.begin("bad parts");
    report.refused(kernel(0, Part{1, 1, 0, 1}));
    report.refused(kernel(65536, Part{1, 1, 0, 1}));
    for (const Part& bad : {Part{0, 1, 0, 1}, Part{2, 1, 0, 1}, Part{1, 2, 2, 1}, Part{1, 2, -1, 1}, Part{1, 1, 0, 0}}) {
        report.refused(kernel(1, bad));
    }
}

}  // namespace

void copyRows(Report& report) {
    for (const Part& part : PARTS) {
        for (int members : MEMBERS) {
            report.begin("R=%d %d of %d from %d columns %d", members, part.few, part.many, part.first, part.columns);
            const size_t perFew = static_cast<size_t>(part.few) * part.columns;
            const size_t perMany = static_cast<size_t>(part.many) * part.columns;
            const std::vector<float> from = contents(1, members, perFew);
            std::vector<float> expected = contents(2, members, perMany);
            Array<float> few(from), many(expected);
            report.launched(espalier_copy_rows(members, part.few, part.many, part.first, part.columns, few, many, nullptr));
            for (size_t i = 0; i < from.size(); i++) {
                expected[i / perFew * perMany + part.first * part.columns + i % perFew] = from[i];
            }
            report.same("to", many.values(), expected);
        }
    }
    refuseParts(report, [](int members, const Part& part) {
        return espalier_copy_rows(members, part.few, part.many, part.first, part.columns, nullptr, nullptr, nullptr);
    });
}

void addRows(Report& report) {
    for (const Part& part : PARTS) {
        for (int members : MEMBERS) {
            report.begin("R=%d %d of %d from %d columns %d", members, part.few, part.many, part.first, part.columns);
            const size_t perFew = static_cast<size_t>(part.few) * part.columns;
            const size_t perMany = static_cast<size_t>(part.many) * part.columns;
            const std::vector<float> from = contents(1, members, perMany);
            std::vector<float> expected = contents(2, members, perFew);
            Array<float> many(from), few(expected);
            report.launched(espalier_add_rows(members, part.many, part.few, part.first, part.columns, many, few, nullptr));
            for (size_t i = 0; i < expected.size(); i++) {
                expected[i] += from[i / perFew * perMany + part.first * part.columns + i % perFew];
            }
            report.same("to", few.values(), expected);
        }
    }
    refuseParts(report, [](int members, const Part& part) {
        return espalier_add_rows(members, part.many, part.few, part.first, part.columns, nullptr, nullptr, nullptr);
    });
}

}  // namespace driver
