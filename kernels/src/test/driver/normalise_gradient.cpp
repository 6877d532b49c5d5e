#include "cases.h"
#include "row_sizes.h"

namespace driver {

void normaliseSums(Report& report) {
    for (const RowsSize& size : ROWS) {
        FirstMember first;
        for (int members : MEMBERS) {
            report.begin("R=%d %dx%d", members, size.rows, size.columns);
            const std::vector<float> x = contents(1, members, size.rows * size.columns);
            const std::vector<float> mean = contents(2, members, size.rows);
            const std::vector<float> variance = variances(members, size.rows);
            const std::vector<float> dy = contents(3, members, size.rows * size.columns);
            Array<float> input(x), means(mean), spreads(variance), gradient(dy);
            Array<float> dgain(mean.size()), dshift(mean.size());
            report.launched(espalier_normalise_sums(members, size.rows, size.columns, EPSILON, input, means, spreads, gradient,
                                                    dgain, dshift, nullptr));
            const std::vector<float> gotGain = dgain.values();
            const std::vector<float> gotShift = dshift.values();
            for (size_t row = 0; row < mean.size(); row++) {
                const double scale = 1 / std::sqrt(double(variance[row]) + EPSILON);
                double gain = 0, gainAbsolute = 0, shift = 0, shiftAbsolute = 0;
                for (size_t i = row * size.columns; i < (row + 1) * size.columns; i++) {
                    gain += scale * (double(x[i]) - mean[row]) * dy[i];
                    gainAbsolute += scale * (std::fabs(x[i]) + std::fabs(mean[row])) * std::fabs(dy[i]);
                    shift += dy[i];
                    shiftAbsolute += std::fabs(dy[i]);
                }
                report.close("dgain", row, gotGain[row], gain, sumBound(size.columns, gainAbsolute));
                report.close("dshift", row, gotShift[row], shift, sumBound(size.columns, shiftAbsolute));
            }
            first.check(report, "first dgain", gotGain, members);
        }
    }
    refuseRows(report, [](int members, int rows, int columns) {
        return espalier_normalise_sums(members, rows, columns, EPSILON, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                                       nullptr);
    });
}

void normaliseGradient(Report& report) {
    for (const RowsSize& size : ROWS) {
        FirstMember first;
        for (int members : MEMBERS) {
            report.begin("R=%d %dx%d", members, size.rows, size.columns);
            const std::vector<float> x = contents(1, members, size.rows * size.columns);
            const std::vector<float> mean = contents(2, members, size.rows);
            const std::vector<float> variance = variances(members, size.rows);
            const std::vector<float> gain = contents(5, members, size.rows);
            const std::vector<float> dy = contents(3, members, size.rows * size.columns);
            const std::vector<float> dgain = contents(6, members, size.rows);
            const std::vector<float> dshift = contents(7, members, size.rows);
            Array<float> input(x), means(mean), spreads(variance), gains(gain), gradient(dy), gainSums(dgain), shiftSums(dshift);
            Array<float> dx(x.size());
            report.launched(espalier_normalise_gradient(members, size.rows, size.columns, EPSILON, input, means, spreads, gains,
                                                        gradient, gainSums, shiftSums, dx, nullptr));
            const std::vector<float> got = dx.values();
            for (size_t i = 0; i < x.size(); i++) {
                const size_t row = i / size.columns;
                const double inverse = 1 / std::sqrt(double(variance[row]) + EPSILON);
                const double along = inverse * dgain[row] / size.columns;
                const double shared = double(dshift[row]) / size.columns;
                const double expected = gain[row] * inverse * (dy[i] - shared - (double(x[i]) - mean[row]) * along);
                const double absolute =
                    std::fabs(gain[row]) * inverse *
                    (std::fabs(dy[i]) + std::fabs(shared) + (std::fabs(x[i]) + std::fabs(mean[row])) * std::fabs(along));
                report.close("dx", i, got[i], expected, fewBound(absolute));
            }
            first.check(report, "first dx", got, members);
        }
    }
    refuseRows(report, [](int members, int rows, int columns) {
        return espalier_normalise_gradient(members, rows, columns, EPSILON, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr,
                                           nullptr, nullptr, nullptr);
    });
}

}  // namespace driver
