// Member 0 must get the same bits alone as among others: remembers what it got first and compares what it gets later.
#pragma once

#include "driver.h"

namespace driver {

template <typename T>
class Alone {
public:
    void check(Report& report, const char* what, const std::vector<T>& got) {
        if (first_.empty()) {
            first_ = got;
        } else {
            report.same(what, std::vector<T>(got.begin(), got.begin() + static_cast<long>(first_.size())), first_);
        }
    }

private:
    std::vector<T> first_;
};

}  // namespace driver
