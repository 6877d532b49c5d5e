// canaries: launches all of them, forward and in reverse; a line for each; exit 0 if each does what it should, 1 if not.
// canaries cost: what waiting costs, in nanoseconds a thread.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "canaries.h"
#include "cost.h"
#include "device_memory.h"

namespace {

#ifdef SIMT_CHECKED
constexpr bool CHECKED = true;
#else
constexpr bool CHECKED = false;
#endif

using canaries::Canary;
using canaries::NUMBERS;

// What is wrong, or nothing; `said` is what the emulator found.
std::string tried(const Canary& canary, std::string& said) {
    std::vector<int> numbers(NUMBERS);
    for (int i = 0; i < NUMBERS; i++) {
        numbers[i] = i;
    }
    const size_t bytes = NUMBERS * sizeof(int);
    int* const in = static_cast<int*>(simt_allocate(bytes));
    int* const out = static_cast<int*>(simt_allocate(bytes));
    simt_copy_in(in, numbers.data(), bytes);
    const int status = canary.launch(in, out);
    said = status == 0 ? "" : simt::faultText();
    simt_copy_out(numbers.data(), out, bytes);
    simt_free(in);
    simt_free(out);
    const char* const expected = CHECKED ? canary.checked : canary.plain;
    if (expected != nullptr) {
        return said.find(expected) == std::string::npos ? "NOT FOUND: " + said : "";
    }
    if (canary.checked != nullptr) {
        return "";
    }
    if (status != 0) {
        return "FALSE ALARM: " + said;
    }
    for (int i = 0; i < NUMBERS; i++) {
        if (numbers[i] != canary.expected(i)) {
            return "WRONG: out[" + std::to_string(i) + "] is " + std::to_string(numbers[i]);
        }
    }
    return "";
}

int tryAll(const char* order) {
    setenv("ESPALIER_SIMT_ORDER", order, 1);
    int failed = 0;
    for (const auto& group : {canaries::bounds(), canaries::values(), canaries::races(), canaries::waits(), canaries::sound()}) {
        for (const Canary& canary : group) {
            std::string said;
            const std::string wrong = tried(canary, said);
            failed += !wrong.empty();
            const std::string result = !wrong.empty() ? wrong : said.empty() ? "ran" : "found: " + said;
            printf("%-8s %-40s %s\n", order, canary.name, result.c_str());
        }
    }
    return failed;
}

}  // namespace

int main(int count, char** arguments) {
    if (count > 1 && std::string(arguments[1]) == "cost") {
        canaries::printCost();
        return 0;
    }
    const int failed = tryAll("forward") + tryAll("reverse");
    printf(failed == 0 ? "all as they should be\n" : "%d are not as they should be\n", failed);
    return failed == 0 ? 0 : 1;
}
