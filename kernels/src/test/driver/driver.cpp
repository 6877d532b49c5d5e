#include "driver.h"

#include <cstdarg>

namespace driver {

namespace {
// How many failures of a kernel are printed.
constexpr int PRINTED = 5;
}  // namespace

uint64_t Random::bits() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

float Random::real() { return static_cast<float>(static_cast<int64_t>(bits() >> 40) - (1 << 23)) * 0x1p-23f; }

std::vector<float> Random::reals(size_t count) {
    std::vector<float> values(count);
    for (float& value : values) {
        value = real();
    }
    return values;
}

std::vector<int32_t> Random::ints(size_t count, int bound) {
    std::vector<int32_t> values(count);
    for (int32_t& value : values) {
        value = below(bound);
    }
    return values;
}

std::vector<uint8_t> Random::bytes(size_t count, double density) {
    std::vector<uint8_t> values(count);
    for (uint8_t& value : values) {
        value = static_cast<double>(bits() >> 11) * 0x1p-53 < density;
    }
    return values;
}

void Report::begin(const char* format, ...) {
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    case_ = text;
    cases_++;
}

void Report::launched(int status) {
    const int end = status == 0 ? driver::finish() : status;
    if (end != 0) {
        wrong(espalier_status_text(end));
    }
}

void Report::refused(int status) {
    if (status != ESPALIER_BAD_ARGUMENT) {
        wrong("a bad argument was accepted");
    }
}

void Report::close(const char* what, size_t index, double got, double expected, double bound) {
    const double error = std::fabs(got - expected);
    if (error <= bound) {
        largest_ = std::fmax(largest_, bound > 0 ? error / bound : 0);
        return;
    }
    char text[200];
    snprintf(text, sizeof text, "%s[%zu] is %.9g, not %.9g: off by %.3g, bound %.3g", what, index, got, expected, error, bound);
    wrong(text);
}

void Report::same(const char* what, size_t index, long long got, long long expected) {
    if (got != expected) {
        char text[200];
        snprintf(text, sizeof text, "%s[%zu] is %lld, not %lld", what, index, got, expected);
        wrong(text);
    }
}

void Report::wrong(const std::string& what) {
    if (failures_++ < PRINTED) {
        printf("  %s, %s: %s\n", kernel_, case_.c_str(), what.c_str());
    }
}

bool Report::finish() const {
    printf("%-32s %4d cases  largest error %.3f of its bound  %s\n", kernel_, cases_, largest_,
           failures_ == 0 ? "ok" : "FAILED");
    fflush(stdout);
    return failures_ == 0 && cases_ > 0;
}

}  // namespace driver
