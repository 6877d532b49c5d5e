// What the cases of all dense products share: layers for both tiles, contents, and a reference in double.
#pragma once

#include <algorithm>
#include <limits>

#include "driver.h"

namespace driver {

// `count` numbers a member. A member's are the same however many members there are.
inline std::vector<float> contents(uint64_t seed, int members, size_t count) {
    return Random(seed).reals(static_cast<size_t>(members) * count);
}

// Every element (i, j) of every member against the sum over k < depth of left(r, i, k) right(r, k, j). `got` has `rows` rows.
template <typename Left, typename Right>
void checkProduct(Report& report, const char* what, const std::vector<float>& got, int members, int rows, int columns, int depth,
                  Left left, Right right) {
    size_t at = 0;
    for (int r = 0; r < members; r++) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++, at++) {
                double sum = 0;
                double absolute = 0;
                for (int k = 0; k < depth; k++) {
                    const double product = left(r, i, k) * right(r, k, j);
                    sum += product;
                    absolute += std::fabs(product);
                }
                report.close(what, at, got[at], sum, sumBound(depth, absolute));
            }
        }
    }
}

// Element (r, i, j) of a tensor of (R, rows, columns), as double.
class Elements {
public:
    Elements(const std::vector<float>& values, int rows, int columns) : values_(values), rows_(rows), columns_(columns) {}
    double operator()(int r, int i, int j) const { return values_[(static_cast<size_t>(r) * rows_ + i) * columns_ + j]; }
    double squared(int r, int i, int j) const { return (*this)(r, i, j) * (*this)(r, i, j); }

private:
    const std::vector<float>& values_;
    int rows_, columns_;
};

// What the first member got must be the same among one and among more members.
class FirstMember {
public:
    void check(Report& report, const char* what, const std::vector<float>& got, int members) {
        const std::vector<float> first(got.begin(), got.begin() + static_cast<long>(got.size() / members));
        if (alone_.empty()) {
            alone_ = first;
        }
        report.same(what, first, alone_);
    }

private:
    std::vector<float> alone_;
};

}  // namespace driver
