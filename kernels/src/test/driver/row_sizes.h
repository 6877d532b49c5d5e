// Rows that the cases of normalisation share: short and long ones, with and without four in every step, more than a block's part.
#pragma once

#include "products.h"

namespace driver {

struct RowsSize {
    int rows, columns;
};
constexpr RowsSize ROWS[] = {{1, 1}, {3, 2}, {7, 33}, {5, 64}, {2, 1025}, {3, 1500}, {1, 5000}};

// Variances, which are not negative, a number a row.
inline std::vector<float> variances(int members, int rows) {
    std::vector<float> values = contents(4, members, rows);
    for (float& value : values) {
        value *= value;
    }
    return values;
}

constexpr float EPSILON = 1e-3f;

// The bound of a few products and sums, of which the absolute values add up to `absolute`.
inline double fewBound(double absolute) { return 16 * UNIT_ROUNDOFF * absolute; }

// Sizes that no kernel on rows accepts, given to `launch`.
template <typename Launch>
void refuseRows(Report& report, Launch launch) {
    report.begin("bad sizes");
    report.refused(launch(0, 1, 1));
    report.refused(launch(65536, 1, 1));
    report.refused(launch(1, 0, 1));
    report.refused(launch(1, 1, 0));
}

}  // namespace driver
