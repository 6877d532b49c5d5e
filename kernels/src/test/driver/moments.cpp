#include "cases.h"
#include "row_sizes.h"

namespace driver {

void mean(Report& report) {
    for (const RowsSize& size : ROWS) {
        FirstMember first;
        for (int members : MEMBERS) {
            report.begin("R=%d %dx%d", members, size.rows, size.columns);
            const std::vector<float> x = contents(1, members, size.rows * size.columns);
            Array<float> input(x);
            Array<float> out(static_cast<size_t>(members) * size.rows);
            report.launched(espalier_mean(members, size.rows, size.columns, input, out, nullptr));
            const std::vector<float> got = out.values();
            checkProduct(report, "mean", got, members, size.rows, 1, size.columns, Elements(x, size.rows, size.columns),
                         [&](int, int, int) { return 1.0 / size.columns; });
            first.check(report, "first mean", got, members);
        }
    }
    refuseRows(report, [](int members, int rows, int columns) {
        return espalier_mean(members, rows, columns, nullptr, nullptr, nullptr);
    });
}

void variance(Report& report) {
    for (const RowsSize& size : ROWS) {
        FirstMember first;
        for (int members : MEMBERS) {
            report.begin("R=%d %dx%d", members, size.rows, size.columns);
            // Far from 0, where a difference of large sums would have nothing left.
            const std::vector<float> middle = contents(2, members, size.rows);
            std::vector<float> x = contents(1, members, size.rows * size.columns);
            std::vector<float> mean = middle;
            for (size_t row = 0; row < mean.size(); row++) {
                mean[row] = 1000 + mean[row];
            }
            for (size_t i = 0; i < x.size(); i++) {
                x[i] += 1000;
            }
            Array<float> input(x);
            Array<float> means(mean);
            Array<float> out(mean.size());
            report.launched(espalier_variance(members, size.rows, size.columns, input, means, out, nullptr));
            const std::vector<float> got = out.values();
            for (size_t row = 0; row < mean.size(); row++) {
                double sum = 0;
                for (int i = 0; i < size.columns; i++) {
                    const double distance = double(x[row * size.columns + i]) - mean[row];
                    sum += distance * distance / size.columns;
                }
                report.close("variance", row, got[row], sum, sumBound(size.columns, sum));
            }
            first.check(report, "first variance", got, members);
        }
    }
    refuseRows(report, [](int members, int rows, int columns) {
        return espalier_variance(members, rows, columns, nullptr, nullptr, nullptr, nullptr);
    });
}

}  // namespace driver
