#include "products.h"

#include "cases.h"

namespace driver {

namespace {

constexpr float LEFT_OVER = 0.25f;

// A (R, capacity, columns) tensor whose rows beyond each member's rank must not be read: they are NaN.
std::vector<float> topRows(uint64_t seed, const std::vector<int32_t>& ranks, int capacity, int columns) {
    std::vector<float> values;
    for (size_t r = 0; r < ranks.size(); r++) {
        const std::vector<float> top = Random(seed + 100 * r).reals(static_cast<size_t>(ranks[r]) * columns);
        values.insert(values.end(), top.begin(), top.end());
        values.resize((r + 1) * capacity * columns, std::numeric_limits<float>::quiet_NaN());
    }
    return values;
}

// Rows within the ranks must be the sum over k < depth of left(r, i, k) right(r, k, j), those beyond must be `beyond`.
template <typename Left, typename Right>
void checkTopRows(Report& report, const char* what, const std::vector<float>& got, const std::vector<int32_t>& ranks,
                  int capacity, int columns, int depth, Left left, Right right, float beyond) {
    for (size_t r = 0; r < ranks.size(); r++) {
        const auto member = got.begin() + static_cast<long>(r * capacity * columns);
        const auto end = member + static_cast<long>(ranks[r]) * columns;
        checkProduct(
            report, what, {member, end}, 1, ranks[r], columns, depth,
            [&](int, int i, int k) { return left(static_cast<int>(r), i, k); },
            [&](int, int k, int j) { return right(static_cast<int>(r), k, j); });
        const std::vector<float> rest(end, member + static_cast<long>(capacity) * columns);
        report.same(what, rest, std::vector<float>(rest.size(), beyond));
    }
}

using Through = int (*)(int, int, int, int, int, const int32_t*, const float*, const float*, const float*, float*, float*, void*);

// hidden = first x, out = second' hidden: `rows` of out, `depth` rows of x.
void checkThrough(Report& report, Through op, bool forward, LayerSize size, const std::vector<int32_t>& ranks, int capacity,
                  FirstMember& first) {
    const int members = static_cast<int>(ranks.size());
    const int rows = forward ? size.outputs : size.inputs;
    const int depth = forward ? size.inputs : size.outputs;
    const std::vector<float> into = topRows(1, ranks, capacity, depth);
    const std::vector<float> outOf = topRows(2, ranks, capacity, rows);
    const std::vector<float> x = contents(3, members, depth * size.batch);
    Array<int32_t> few(ranks);
    Array<float> firstMap(into), secondMap(outOf), input(x);
    Array<float> hidden(std::vector<float>(static_cast<size_t>(members) * capacity * size.batch, LEFT_OVER));
    Array<float> out(static_cast<size_t>(members) * rows * size.batch);
    Array<float>& fixed = forward ? firstMap : secondMap;
    Array<float>& learned = forward ? secondMap : firstMap;
    report.launched(
        op(members, capacity, size.outputs, size.inputs, size.batch, few, fixed, learned, input, hidden, out, nullptr));
    const std::vector<float> gotHidden = hidden.values();
    const std::vector<float> gotOut = out.values();
    checkTopRows(report, "hidden", gotHidden, ranks, capacity, size.batch, depth, Elements(into, capacity, depth),
                 Elements(x, depth, size.batch), LEFT_OVER);
    // The second product is held to what the first one made of it.
    const Elements middle(gotHidden, capacity, size.batch);
    const Elements last(outOf, capacity, rows);
    for (int r = 0; r < members; r++) {
        const auto member = gotOut.begin() + static_cast<long>(r) * rows * size.batch;
        checkProduct(
            report, "out", {member, member + static_cast<long>(rows) * size.batch}, 1, rows, size.batch, ranks[r],
            [&](int, int i, int k) { return last(r, k, i); }, [&](int, int k, int j) { return middle(r, k, j); });
    }
    first.check(report, "first out", gotOut, members);
}

void checkWeight(Report& report, LayerSize size, const std::vector<int32_t>& ranks, int capacity, FirstMember& first) {
    const int members = static_cast<int>(ranks.size());
    const std::vector<float> dz = contents(4, members, size.outputs * size.batch);
    const std::vector<float> units = topRows(5, ranks, capacity, size.batch);
    Array<int32_t> few(ranks);
    Array<float> gradient(dz), hidden(units);
    Array<float> dlearned(static_cast<size_t>(members) * capacity * size.outputs);
    report.launched(espalier_low_rank_weight_gradient(members, capacity, size.outputs, size.batch, few, gradient, hidden,
                                                      dlearned, nullptr));
    const std::vector<float> got = dlearned.values();
    const Elements from(dz, size.outputs, size.batch);
    checkTopRows(report, "dlearned", got, ranks, capacity, size.outputs, size.batch, Elements(units, capacity, size.batch),
                 [&](int r, int k, int j) { return from(r, j, k); }, 0);
    const std::vector<float> top(got.begin(), got.begin() + static_cast<long>(ranks[0]) * size.outputs);
    first.check(report, "first dlearned", top, 1);
}

}  // namespace

void lowRank(Report& report) {
    for (const LayerSize& size : LAYERS) {
        for (int rank : {1, 7, 33}) {
            FirstMember firstForward, firstBackward, firstWeight;
            // Among others the first member has the same rank, but room for more.
            for (const std::vector<int32_t>& ranks : {std::vector<int32_t>{rank}, std::vector<int32_t>{rank, rank + 34, 1}}) {
                const int capacity = *std::max_element(ranks.begin(), ranks.end());
                report.begin("R=%zu O=%d I=%d B=%d rank=%d", ranks.size(), size.outputs, size.inputs, size.batch, rank);
                checkThrough(report, espalier_low_rank_linear, true, size, ranks, capacity, firstForward);
                checkThrough(report, espalier_low_rank_input_gradient, false, size, ranks, capacity, firstBackward);
                checkWeight(report, size, ranks, capacity, firstWeight);
            }
        }
    }
    report.begin("an infinite gradient");
    Array<int32_t> one(std::vector<int32_t>{1});
    Array<float> infinite(std::vector<float>{std::numeric_limits<float>::infinity()});
    Array<float> hidden(std::vector<float>{1, 1});
    Array<float> dlearned(2);
    report.launched(espalier_low_rank_weight_gradient(1, 2, 1, 1, one, infinite, hidden, dlearned, nullptr));
    report.same("dlearned", dlearned.values(), {std::numeric_limits<float>::infinity(), 0});

    report.begin("bad sizes");
    Array<float> none(1);
    report.refused(espalier_low_rank_linear(0, 1, 1, 1, 1, one, none, none, none, none, none, nullptr));
    report.refused(espalier_low_rank_linear(1, 0, 1, 1, 1, one, none, none, none, none, none, nullptr));
    report.refused(espalier_low_rank_input_gradient(1, 1, 0, 1, 1, one, none, none, none, none, none, nullptr));
    report.refused(espalier_low_rank_input_gradient(65536, 1, 1, 1, 1, one, none, none, none, none, none, nullptr));
    report.refused(espalier_low_rank_weight_gradient(1, 1, 0, 1, one, none, none, none, nullptr));
}

}  // namespace driver
