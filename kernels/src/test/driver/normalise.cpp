#include "cases.h"
#include "row_sizes.h"

namespace driver {

void normalise(Report& report) {
    for (const RowsSize& size : ROWS) {
        FirstMember first;
        for (int members : MEMBERS) {
            report.begin("R=%d %dx%d", members, size.rows, size.columns);
            const std::vector<float> x = contents(1, members, size.rows * size.columns);
            const std::vector<float> mean = contents(2, members, size.rows);
            const std::vector<float> variance = variances(members, size.rows);
            const std::vector<float> gain = contents(5, members, size.rows);
            const std::vector<float> shift = contents(6, members, size.rows);
            Array<float> input(x), means(mean), spreads(variance), gains(gain), shifts(shift);
            Array<float> out(x.size());
            report.launched(espalier_normalise(members, size.rows, size.columns, EPSILON, input, means, spreads, gains, shifts,
                                               out, nullptr));
            const std::vector<float> got = out.values();
            for (size_t i = 0; i < x.size(); i++) {
                const size_t row = i / size.columns;
                const double scale = gain[row] / std::sqrt(double(variance[row]) + EPSILON);
                const double absolute = std::fabs(scale) * (std::fabs(x[i]) + std::fabs(mean[row])) + std::fabs(shift[row]);
                report.close("y", i, got[i], scale * (double(x[i]) - mean[row]) + shift[row], fewBound(absolute));
            }
            first.check(report, "first y", got, members);
        }
    }
    refuseRows(report, [](int members, int rows, int columns) {
        return espalier_normalise(members, rows, columns, EPSILON, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
    });
}

void scaleRows(Report& report) {
    for (const RowsSize& size : ROWS) {
        for (int power : {1, 2}) {
            FirstMember first;
            for (int members : MEMBERS) {
                report.begin("R=%d %dx%d power %d", members, size.rows, size.columns, power);
                const std::vector<float> x = contents(1, members, size.rows * size.columns);
                const std::vector<float> variance = variances(members, size.rows);
                const std::vector<float> gain = contents(5, members, size.rows);
                Array<float> input(x), spreads(variance), gains(gain);
                Array<float> out(x.size());
                report.launched(
                    espalier_scale_rows(members, size.rows, size.columns, EPSILON, power, input, spreads, gains, out, nullptr));
                const std::vector<float> got = out.values();
                for (size_t i = 0; i < x.size(); i++) {
                    const size_t row = i / size.columns;
                    const double scale = gain[row] / std::sqrt(double(variance[row]) + EPSILON);
                    const double expected = std::pow(scale, power) * x[i];
                    report.close("out", i, got[i], expected, fewBound(std::fabs(expected)));
                }
                first.check(report, "first out", got, members);
            }
        }
    }
    refuseRows(report, [](int members, int rows, int columns) {
        return espalier_scale_rows(members, rows, columns, EPSILON, 1, nullptr, nullptr, nullptr, nullptr, nullptr);
    });
    report.begin("powers");
    report.refused(espalier_scale_rows(1, 1, 1, EPSILON, 0, nullptr, nullptr, nullptr, nullptr, nullptr));
    report.refused(espalier_scale_rows(1, 1, 1, EPSILON, 3, nullptr, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
