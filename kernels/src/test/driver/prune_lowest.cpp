#include <algorithm>
#include <memory>

#include "cases.h"

namespace driver {
namespace {

// What saliencies are drawn from.
enum class Draw { REAL, FEW, EQUAL, SPECIAL };

struct Problem {
    std::vector<int32_t> sizes;
    std::vector<std::vector<float>> saliencies;
    std::vector<std::vector<uint8_t>> masks;

    int alive(int r) const {
        int count = 0;
        for (size_t t = 0; t < sizes.size(); t++) {
            const auto from = masks[t].begin() + static_cast<long>(r) * sizes[t];
            count += static_cast<int>(std::count(from, from + sizes[t], 1));
        }
        return count;
    }
};

float draw(Random& random, Draw how) {
    constexpr float SPECIAL[] = {-INFINITY, INFINITY, 0.0f, -0.0f, 1e-45f, -1e-45f, 3.4e38f, -3.4e38f};
    switch (how) {
        case Draw::REAL:
            return random.real();
        case Draw::FEW:
            return 0.25f * random.below(5) - 0.5f;
        case Draw::EQUAL:
            return 0.125f;
        default:
            return SPECIAL[random.below(8)];
    }
}

// Pruned weights hold NaN.
Problem problem(int members, const std::vector<int32_t>& sizes, Draw how, double density) {
    Problem made{sizes, {}, {}};
    for (size_t t = 0; t < sizes.size(); t++) {
        Random random(1000 * t + static_cast<uint64_t>(sizes[t]));
        const size_t count = static_cast<size_t>(members) * sizes[t];
        made.masks.push_back(random.bytes(count, density));
        made.saliencies.emplace_back();
        for (size_t e = 0; e < count; e++) {
            made.saliencies[t].push_back(made.masks[t][e] == 0 ? NAN : draw(random, how));
        }
    }
    return made;
}

// Sorts what is alive; stable, so that equals stay in (tensor, index) order, and -0 does not come before 0.
void prune(Problem& problem, int r, int keep) {
    std::vector<std::pair<float, uint8_t*>> alive;
    for (size_t t = 0; t < problem.sizes.size(); t++) {
        for (int i = 0; i < problem.sizes[t]; i++) {
            const size_t e = static_cast<size_t>(r) * problem.sizes[t] + i;
            if (problem.masks[t][e] != 0) {
                alive.emplace_back(problem.saliencies[t][e], &problem.masks[t][e]);
            }
        }
    }
    std::stable_sort(alive.begin(), alive.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (size_t k = 0; k + keep < alive.size(); k++) {
        *alive[k].second = 0;
    }
}

// Runs the kernel; the masks it leaves must be those of `expected`.
void check(Report& report, const Problem& given, const Problem& expected, const std::vector<int32_t>& keep,
           const std::vector<int32_t>& expectedNans) {
    std::vector<std::unique_ptr<Array<float>>> saliencies;
    std::vector<std::unique_ptr<Array<uint8_t>>> masks;
    std::vector<const float*> saliencyAddresses;
    std::vector<uint8_t*> maskAddresses;
    for (size_t t = 0; t < given.sizes.size(); t++) {
        saliencies.push_back(std::make_unique<Array<float>>(given.saliencies[t]));
        masks.push_back(std::make_unique<Array<uint8_t>>(given.masks[t]));
        saliencyAddresses.push_back(*saliencies[t]);
        maskAddresses.push_back(*masks[t]);
    }
    Array<const float*> allSaliencies(saliencyAddresses);
    Array<uint8_t*> allMasks(maskAddresses);
    Array<int32_t> sizes(given.sizes), counts(keep), found(2 * keep.size());
    report.launched(espalier_prune_lowest(static_cast<int>(keep.size()), static_cast<int>(given.sizes.size()), allSaliencies,
                                          allMasks, sizes, counts, found, nullptr));
    std::vector<int32_t> expectedCounts;
    for (size_t r = 0; r < keep.size(); r++) {
        expectedCounts.push_back(keep[r] < 0 ? 0 : given.alive(static_cast<int>(r)));
        expectedCounts.push_back(expectedNans[r]);
    }
    report.same("found", found.values(), expectedCounts);
    for (size_t t = 0; t < given.sizes.size(); t++) {
        const std::vector<uint8_t> got = masks[t]->values();
        for (size_t e = 0; e < got.size(); e++) {
            report.same("mask", e, got[e], expected.masks[t][e]);
        }
    }
}

}  // namespace

void pruneLowest(Report& report) {
    const std::vector<int32_t> someSizes[] = {{1}, {31, 4}, {1000, 33, 1}, {4100, 64, 4099}};
    for (int members : MEMBERS) {
        for (const std::vector<int32_t>& sizes : someSizes) {
            for (Draw how : {Draw::REAL, Draw::FEW, Draw::EQUAL, Draw::SPECIAL}) {
                for (double density : {1.0, 0.6}) {
                    const Problem given = problem(members, sizes, how, density);
                    // All, none, one, all but one, some; other members other counts, one of them left alone.
                    for (int per : {0, 1000, 1, 999, 370}) {
                        report.begin("R=%d %zu tensors from %d, draw %d, density %g, keep %d/1000", members, sizes.size(),
                                     sizes[0], static_cast<int>(how), density, per);
                        Problem expected = given;
                        std::vector<int32_t> keep;
                        for (int r = 0; r < members; r++) {
                            const int alive = given.alive(r);
                            const int some = per == 1     ? std::min(1, alive)
                                             : per == 999 ? std::max(0, alive - 1)
                                                          : alive * per / 1000;
                            keep.push_back(r == 1 ? -1 : r == 2 ? alive - some : some);
                            if (keep[r] >= 0) {
                                prune(expected, r, keep[r]);
                            }
                        }
                        check(report, given, expected, keep, std::vector<int32_t>(members));
                    }
                }
            }
        }
    }
    report.begin("NaN");
    Problem broken = problem(3, {300, 70}, Draw::REAL, 1);
    broken.saliencies[0][605] = NAN;
    broken.saliencies[1][140] = -NAN;
    check(report, broken, broken, {10, 10, 10}, {0, 0, 2});
    report.begin("NaN in a member that is left alone");
    Problem expected = broken;
    prune(expected, 0, 10);
    prune(expected, 1, 20);
    check(report, broken, expected, {10, 20, -1}, {0, 0, 0});
    report.begin("more to keep than is alive");
    const Problem whole = problem(3, {300, 70}, Draw::REAL, 1);
    check(report, whole, whole, {10, 371, 10}, {0, 0, 0});
    report.begin("no tensors");
    report.refused(espalier_prune_lowest(1, 0, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace driver
