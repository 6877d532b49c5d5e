#include "cases.h"

namespace driver {
namespace {

// Places and what io.espalier.backend.WeightHash.entry says of them; its test has many of these numbers too, made with the C
// library of xxHash.
constexpr int PLACES[][2] = {{0, 0}, {0, 1}, {1, 0}, {8, 9}, {99, 98}, {9, 999}, {3, 7}};
constexpr int BIAS_ROWS[] = {0, 1, 8, 97, 998, 999, 3};
constexpr int COUNT = 7;

struct Golden {
    int mode, seed, layer, buckets;
    int entries[COUNT];
};

constexpr Golden GOLDEN[] = {
    {ESPALIER_HASH_NATIVE, 1691, 0, 1, {1, 0, 0, 0, 0, 0, 0}},
    {ESPALIER_HASH_NATIVE, 1691, 0, 97, {119, 72, 62, 36, 70, 172, 88}},
    {ESPALIER_HASH_NATIVE, 1691, 0, 98000, {116205, 91078, 3894, 87654, 106050, 34420, 139636}},
    {ESPALIER_HASH_NATIVE, 1691, 7, 98000, {118656, 19657, 175927, 51614, 85274, 120500, 85176}},
    {ESPALIER_HASH_NATIVE, -5, 7, 98000, {144069, 64216, 167875, 136774, 34665, 90638, 63286}},
    {ESPALIER_HASH_NATIVE, 1691, 0, (1 << 30) - 1,
     {1654552205, 1945587078, 144651894, 1347872008, 1619350404, 1171311128, 274343636}},
    {ESPALIER_HASH_PAPER_WEIGHTS, 1691, 0, 1, {1, 1, 1, 0, 0, 1, 1}},
    {ESPALIER_HASH_PAPER_WEIGHTS, 1691, 3, 97, {3, 193, 33, 108, 6, 63, 175}},
    {ESPALIER_HASH_PAPER_WEIGHTS, 1691, 0, 98000, {193641, 194319, 54065, 83070, 29188, 25109, 75767}},
    {ESPALIER_HASH_PAPER_WEIGHTS, -5, 7, 98000, {87000, 38279, 68826, 116546, 65351, 11784, 32242}},
    {ESPALIER_HASH_PAPER_WEIGHTS, 1691, 0, (1 << 30) - 1,
     {1933233995, 1907558673, 1800402419, 625411424, 1346921896, 1186785817, 1319812829}},
    {ESPALIER_HASH_PAPER_BIASES, 1691, 0, 97, {104, 122, 135, 148, 58, 1, 69}},
    {ESPALIER_HASH_PAPER_BIASES, 1691, 5, 65536, {23024, 6326, 9019, 27418, 117958, 37527, 119701}},
    {ESPALIER_HASH_PAPER_BIASES, -5, 0, 98000, {85658, 64206, 185024, 102127, 185974, 53458, 9069}},
};

// Whole matrices of 1200 rows: the entries as digits of base 31 behind 17, modulo 2^64.
struct Digest {
    int mode, columns;
    int64_t value;
};
constexpr Digest DIGESTS[] = {{ESPALIER_HASH_NATIVE, 110, 3948281528921206699},
                              {ESPALIER_HASH_PAPER_WEIGHTS, 110, -1141746263597833245},
                              {ESPALIER_HASH_PAPER_BIASES, 1, 2850517597777035557}};

std::vector<int32_t> indices(Report& report, int rows, int columns, int mode, int seed, int layer,
                             const std::vector<int32_t>& buckets) {
    Array<int32_t> counts(buckets), index(buckets.size() * rows * columns);
    report.launched(espalier_hash_indices(static_cast<int>(buckets.size()), rows, columns, mode, seed, layer, counts, index,
                                          nullptr));
    return index.values();
}

}  // namespace

void hashIndices(Report& report) {
    for (const Golden& golden : GOLDEN) {
        report.begin("mode %d, seed %d, layer %d, %d buckets", golden.mode, golden.seed, golden.layer, golden.buckets);
        const bool biases = golden.mode == ESPALIER_HASH_PAPER_BIASES;
        const int rows = biases ? 1000 : 100;
        const int columns = biases ? 1 : 1000;
        const std::vector<int32_t> index =
            indices(report, rows, columns, golden.mode, golden.seed, golden.layer, {golden.buckets});
        for (int p = 0; p < COUNT; p++) {
            const int place = biases ? BIAS_ROWS[p] : PLACES[p][0] * columns + PLACES[p][1];
            report.same("entry", place, index[place], golden.entries[p]);
        }
    }
    for (const Digest& digest : DIGESTS) {
        report.begin("mode %d, 1200 rows", digest.mode);
        const std::vector<int32_t> index = indices(report, 1200, digest.columns, digest.mode, 1691, 2, {12345, 1, 12345});
        const size_t perMember = index.size() / 3;
        uint64_t value = 17;
        for (size_t e = 0; e < perMember; e++) {
            value = value * 31 + static_cast<uint64_t>(index[e]);
            report.same("entry with one bucket", e, index[perMember + e] >> 1, 0);
            report.same("sign with one bucket", e, index[perMember + e] & 1, index[e] & 1);
            report.same("entry of member 2", e, index[2 * perMember + e], index[e]);
        }
        report.same("digest", 0, static_cast<long long>(value), digest.value);
    }
    report.begin("no such mode");
    report.refused(espalier_hash_indices(1, 1, 1, 3, 0, 0, nullptr, nullptr, nullptr));
    report.refused(espalier_hash_indices(1, 1, 1, -1, 0, 0, nullptr, nullptr, nullptr));
}

}  // namespace driver
