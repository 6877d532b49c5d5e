package io.espalier.backend.contract;

import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The cases of the ops behind weights that are fewer than the connections: hashed ones and products of low rank. */
final class CompactWeightCases {
    private static final int[] MEMBERS = {1, 3};
    private static final int BATCH = 17;

    /** (rows, columns) of virtual matrices. */
    private static final int[][] MATRICES = {{1, 1}, {7, 13}, {33, 31}, {129, 1}};

    /** (outputs, inputs, batch, rank of the first member). */
    private static final int[][] LOW_RANKS = {
        {1, 1, 1, 1}, {7, 13, 5, 13}, {31, 33, 8, 2}, {10, 37, 31, 17}, {3, 129, 2, 31}
    };

    private final List<OpCase> cases = new ArrayList<>();

    private CompactWeightCases() {}

    static List<OpCase> cases() {
        CompactWeightCases all = new CompactWeightCases();
        for (int members : MEMBERS) {
            all.hashed(members);
            all.lowRank(members);
        }
        return all.cases;
    }

    private void hashed(int members) {
        for (int[] size : MATRICES) {
            Shape shape = new Shape(members, size[0], size[1]);
            // One bucket, a power of two, a prime; for small matrices more than there are weights.
            for (int first : new int[] {1, 64, 197}) {
                int[] buckets = unlike(first, members);
                String label = "R=" + members + " O=" + size[0] + " I=" + size[1] + " K=" + first;
                for (WeightHash.Mode mode : WeightHash.Mode.values()) {
                    WeightHash.Part part = mode == WeightHash.Mode.PAPER && size[1] == 1
                            ? WeightHash.Part.BIASES
                            : WeightHash.Part.WEIGHTS;
                    add("hashIndices", mode + " " + label, Tolerances.EXACT, bench -> {
                        Tensor index = bench.zeros(ElementType.I32, shape);
                        WeightHash hash = new WeightHash(mode, WeightHash.PUBLISHED_SEED, first % 4, part);
                        bench.backend().hashIndices(hash, buckets, index);
                        bench.output("index", index);
                    });
                }
                Shape pool = new Shape(members, 1, Arrays.stream(buckets).max().orElseThrow());
                add("expandBuckets", label, Tolerances.EXACT, bench -> {
                    Tensor virtual = bench.reals("left over", shape);
                    bench.backend()
                            .expandBuckets(
                                    bench.reals("buckets", pool), bench.entries("index", shape, buckets), virtual);
                    bench.output("virtual", virtual);
                });
                add("hashedLinear", label, Tolerances.sum(size[1]), bench -> {
                    Tensor virtual = bench.reals("left over", shape);
                    Tensor z = bench.zeros(ElementType.REAL, new Shape(members, size[0], BATCH));
                    bench.backend()
                            .hashedLinear(
                                    bench.reals("buckets", pool),
                                    bench.entries("index", shape, buckets),
                                    bench.reals("x", new Shape(members, size[1], BATCH)),
                                    virtual,
                                    z);
                    bench.output("virtual", virtual);
                    bench.output("z", z);
                });
                add("reduceToBuckets", label, Tolerances.sum(size[0] * size[1]), bench -> {
                    Tensor sums = bench.reals("left over", pool);
                    bench.backend()
                            .reduceToBuckets(
                                    bench.reals("gradient", shape), bench.entries("index", shape, buckets), sums);
                    bench.output("sums", sums);
                });
            }
        }
    }

    private void lowRank(int members) {
        for (int[] size : LOW_RANKS) {
            int[] ranks = unlike(size[3], members);
            int capacity = Arrays.stream(ranks).max().orElseThrow();
            String label = "R=" + members + " O=" + size[0] + " I=" + size[1] + " B=" + size[2] + " rank=" + size[3];
            Shape fixed = new Shape(members, capacity, size[1]);
            Shape learned = new Shape(members, capacity, size[0]);
            Shape x = new Shape(members, size[1], size[2]);
            Shape few = new Shape(members, capacity, size[2]);
            Shape z = new Shape(members, size[0], size[2]);
            add("lowRankLinear", label, Tolerances.sum(size[1] + capacity), bench -> {
                Tensor hidden = bench.zeros(ElementType.REAL, few);
                Tensor out = bench.zeros(ElementType.REAL, z);
                bench.backend()
                        .lowRankLinear(
                                ranks,
                                bench.reals("fixed", fixed),
                                bench.reals("learned", learned),
                                bench.reals("x", x),
                                hidden,
                                out);
                bench.output("hidden", hidden);
                bench.output("z", out);
            });
            add("lowRankInputGradient", label, Tolerances.sum(size[0] + capacity), bench -> {
                Tensor dhidden = bench.zeros(ElementType.REAL, few);
                Tensor out = bench.zeros(ElementType.REAL, x);
                bench.backend()
                        .lowRankInputGradient(
                                ranks,
                                bench.reals("fixed", fixed),
                                bench.reals("learned", learned),
                                bench.reals("dz", z),
                                dhidden,
                                out);
                bench.output("dhidden", dhidden);
                bench.output("dx", out);
            });
            add("lowRankWeightGradient", label, Tolerances.sum(size[2]), bench -> {
                Tensor out = bench.reals("left over", learned);
                bench.backend().lowRankWeightGradient(ranks, bench.reals("dz", z), bench.reals("hidden", few), out);
                bench.output("dlearned", out);
            });
        }
    }

    /** A count for the first member, others for the rest: a quarter more for each, the last with one. */
    private static int[] unlike(int first, int members) {
        int[] counts = new int[members];
        Arrays.setAll(counts, r -> r > 0 && r == members - 1 ? 1 : first + r * (first + 3) / 4);
        return counts;
    }

    private void add(String op, String label, Tolerance tolerance, java.util.function.Consumer<Bench> body) {
        cases.add(new OpCase(op, label, tolerance, body));
    }
}
