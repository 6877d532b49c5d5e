package io.espalier.backend.contract;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The cases of every op, on shapes that break things: ones, primes, 31 to 33, three members with different contents. */
public final class Contract {
    private static final int[] MEMBERS = {1, 3};
    private static final double[] DENSITIES = {0, 0.3, 1};
    private static final double[] DROPOUT_RATES = {0, 0.25};

    /** (outputs, inputs, batch). */
    private static final int[][] LAYERS = {
        {1, 1, 1}, {7, 13, 5}, {31, 32, 33}, {33, 31, 32}, {10, 37, 128}, {40, 129, 50}, {5, 11, 200}, {3, 7, 300}
    };

    private static final int[][] FEW_LAYERS = {{1, 1, 1}, {7, 13, 5}, {31, 32, 33}};

    private final List<OpCase> cases = new ArrayList<>();

    private Contract() {}

    /** Every case of every op, op after op. */
    public static List<OpCase> cases() {
        Contract contract = new Contract();
        contract.counting();
        contract.data();
        contract.linearMaps();
        contract.sparseMaps();
        contract.cases.addAll(CompactWeightCases.cases());
        contract.activations();
        contract.losses();
        contract.curvature();
        contract.cases.addAll(ImageCases.cases());
        contract.optimiser();
        contract.compression();
        return List.copyOf(contract.cases);
    }

    private void row(String op, String label, Tolerance tolerance, Consumer<Bench> body) {
        cases.add(new OpCase(op, label, tolerance, body));
    }

    private void counting() {
        for (int members : MEMBERS) {
            for (int size : new int[] {1, 31, 300}) {
                String label = "R=" + members + " N=" + size;
                row("lookUp", label, Tolerances.EXACT, bench -> {
                    Tensor out = bench.zeros(ElementType.REAL, Shape.scalars(members));
                    Tensor table = bench.reals("table", new Shape(members, 1, size));
                    bench.backend().lookUp(table, bench.steps(members, 100_000), out);
                    bench.output("out", out);
                });
                row("range", label, Tolerances.EXACT, bench -> {
                    Tensor indices = bench.zeros(ElementType.I32, new Shape(members, 1, size));
                    bench.backend().range(1000, indices);
                    bench.output("indices", indices);
                });
            }
            row("advance", "R=" + members, Tolerances.EXACT, bench -> {
                Tensor counter = bench.steps(members, 100_000);
                bench.backend().advance(counter);
                bench.output("counter", counter);
            });
        }
    }

    private void data() {
        for (int members : MEMBERS) {
            for (int[] size : new int[][] {{1, 1, 1}, {97, 10, 10}, {97, 10, 7}, {1000, 33, 33}, {65_537, 50, 50}}) {
                String label = "R=" + members + " N=" + size[0] + " B=" + size[2] + "/" + size[1];
                row("batchIndices", label, Tolerances.EXACT, bench -> {
                    Tensor indices = bench.zeros(ElementType.I32, new Shape(members, 1, size[2]));
                    // Whole multiples of an epoch plus its last step where the batch is short, so that positions exist.
                    int stepsPerEpoch = (size[0] + size[1] - 1) / size[1];
                    Tensor step = bench.zeros(ElementType.I32, Shape.scalars(members));
                    for (int r = 0; r < members; r++) {
                        int last = size[2] < size[1] ? stepsPerEpoch - 1 : 0;
                        bench.backend().write(step, r, new int[] {(r + 2) * stepsPerEpoch + last});
                    }
                    bench.backend().batchIndices(bench.keys(members), step, size[0], size[1], indices);
                    bench.output("indices", indices);
                });
            }
            for (int[] size : new int[][] {{1, 1, 1}, {5, 784, 50}, {101, 33, 31}}) {
                String label = "R=" + members + " N=" + size[0] + " F=" + size[1] + " B=" + size[2];
                Shape batch = new Shape(members, 1, size[2]);
                row("gather", label, Tolerances.GATHER, bench -> {
                    Tensor out = bench.zeros(ElementType.REAL, new Shape(members, size[1], size[2]));
                    Tensor data = bench.pixels("data", size[0], size[1]);
                    bench.backend().gather(data, bench.ints("indices", batch, size[0]), out);
                    bench.output("out", out);
                });
                row("gatherColumns", label, Tolerances.EXACT, bench -> {
                    Tensor table = bench.reals("table", new Shape(members, 7, size[0]));
                    Tensor out = bench.zeros(ElementType.REAL, new Shape(members, 7, size[2]));
                    bench.backend().gatherColumns(table, bench.ints("indices", batch, size[0]), out);
                    bench.output("out", out);
                });
                row("gatherLabels", label, Tolerances.EXACT, bench -> {
                    Tensor out = bench.zeros(ElementType.I32, batch);
                    Tensor labels = bench.table("labels", size[0], 10);
                    bench.backend().gatherLabels(labels, bench.ints("indices", batch, size[0]), out);
                    bench.output("out", out);
                });
            }
        }
    }

    private interface LayerBody {
        void run(Bench bench, Shape w, Shape x, Shape z);
    }

    private void layers(String op, int reduced, LayerBody body) {
        layers(op, "", LAYERS, reduced, body);
    }

    private void layers(String op, String prefix, int[][] sizes, int reduced, LayerBody body) {
        for (int members : MEMBERS) {
            for (int[] layer : sizes) {
                String label = prefix + "R=" + members + " O=" + layer[0] + " I=" + layer[1] + " B=" + layer[2];
                row(
                        op,
                        label,
                        Tolerances.sum(layer[reduced]),
                        bench -> body.run(
                                bench,
                                new Shape(members, layer[0], layer[1]),
                                new Shape(members, layer[1], layer[2]),
                                new Shape(members, layer[0], layer[2])));
            }
        }
    }

    private void linearMaps() {
        layers("linear", 1, (bench, w, x, z) -> {
            Tensor out = bench.zeros(ElementType.REAL, z);
            bench.backend().linear(bench.reals("w", w), bench.reals("x", x), out);
            bench.output("z", out);
        });
        layers("linearInputGradient", 0, (bench, w, x, z) -> {
            Tensor out = bench.zeros(ElementType.REAL, x);
            bench.backend().linearInputGradient(bench.reals("w", w), bench.reals("dz", z), out);
            bench.output("dx", out);
        });
        layers("linearWeightGradient", 2, (bench, w, x, z) -> {
            Tensor out = bench.zeros(ElementType.REAL, w);
            bench.backend().linearWeightGradient(bench.reals("dz", z), bench.reals("x", x), out);
            bench.output("dw", out);
        });
        layers("biasGradient", 2, (bench, w, x, z) -> {
            Tensor out = bench.zeros(ElementType.REAL, new Shape(z.members(), z.rows(), 1));
            bench.backend().biasGradient(bench.reals("dz", z), out);
            bench.output("db", out);
        });
    }

    private interface SparseBody {
        void run(Bench bench, SparsePattern pattern, Shape values, Shape x, Shape z);
    }

    private void sparse(String op, String prefix, int[][] sizes, int reduced, SparseBody body) {
        for (int members : MEMBERS) {
            for (int[] layer : sizes) {
                for (double density : new double[] {0, 0.05, 0.3, 1}) {
                    Shape w = new Shape(members, layer[0], layer[1]);
                    String label = prefix + "R=" + members + " O=" + layer[0] + " I=" + layer[1] + " B=" + layer[2]
                            + " density=" + density;
                    row(op, label, Tolerances.sum(layer[reduced]), bench -> {
                        try (SparsePattern pattern = bench.pattern("mask", w, density)) {
                            body.run(
                                    bench,
                                    pattern,
                                    new Shape(members, 1, pattern.capacity()),
                                    new Shape(members, layer[1], layer[2]),
                                    new Shape(members, layer[0], layer[2]));
                        }
                    });
                }
            }
        }
    }

    private void sparseMaps() {
        sparse("sparseLinear", "", LAYERS, 1, (bench, pattern, values, x, z) -> {
            Tensor out = bench.zeros(ElementType.REAL, z);
            bench.backend().sparseLinear(pattern, bench.reals("values", values), bench.reals("x", x), out);
            bench.output("z", out);
        });
        sparse("sparseInputGradient", "", LAYERS, 0, (bench, pattern, values, x, z) -> {
            Tensor out = bench.zeros(ElementType.REAL, x);
            bench.backend().sparseInputGradient(pattern, bench.reals("values", values), bench.reals("dz", z), out);
            bench.output("dx", out);
        });
        sparse("sparseWeightGradient", "", LAYERS, 2, (bench, pattern, values, x, z) -> {
            Tensor out = bench.reals("left over", values);
            bench.backend().sparseWeightGradient(pattern, bench.reals("dz", z), bench.reals("x", x), out);
            bench.output("dvalues", out);
        });
    }

    private void activations() {
        for (int members : MEMBERS) {
            for (int[] size : new int[][] {{1, 1}, {7, 5}, {33, 31}, {31, 33}, {40, 65}}) {
                Shape shape = new Shape(members, size[0], size[1]);
                Shape biases = new Shape(members, size[0], 1);
                for (double rate : DROPOUT_RATES) {
                    String label = "R=" + members + " O=" + size[0] + " B=" + size[1] + " p=" + rate;
                    for (Activation f : Activation.values()) {
                        row("activate", f + " " + label, Tolerances.ACTIVATION, bench -> {
                            Tensor z = bench.reals("z", shape);
                            bench.backend().activate(z, bench.reals("bias", biases), f, bench.dropout(members, rate));
                            bench.output("a", z);
                        });
                        row("activationGradient", f + " " + label, Tolerances.ACTIVATION, bench -> {
                            Tensor a = bench.reals("z", shape);
                            Tensor da = bench.reals("da", shape);
                            Dropout dropout = bench.dropout(members, rate);
                            bench.backend().activate(a, bench.reals("bias", biases), f, dropout);
                            bench.backend().activationGradient(a, f, dropout, da);
                            bench.output("dz", da);
                        });
                    }
                    dropout(label, shape, rate);
                }
                // So close to 1 that nothing survives in the first member.
                dropout("R=" + members + " O=" + size[0] + " B=" + size[1] + " nothing left", shape, 0.999999);
                shrunkLayer("R=" + members + " O=" + size[0] + " B=" + size[1] + " some units left", shape, biases);
            }
        }
    }

    private void dropout(String label, Shape shape, double rate) {
        row("dropout", label, Tolerances.DROPOUT, bench -> {
            Tensor x = bench.reals("x", shape);
            bench.backend().dropout(x, bench.dropout(shape.members(), rate));
            bench.output("x", x);
        });
    }

    private interface LossBody {
        void run(Backend backend, Tensor outputs, Tensor labels, Tensor gradient, Tensor loss);
    }

    private void loss(String op, LossBody body) {
        for (int members : MEMBERS) {
            for (int[] size : new int[][] {{1, 1}, {2, 31}, {10, 50}, {10, 128}, {13, 33}}) {
                Shape shape = new Shape(members, size[0], size[1]);
                Tolerance tolerance = Tolerances.loss(size[0], size[1]);
                row(op, "R=" + members + " O=" + size[0] + " B=" + size[1], tolerance, bench -> {
                    Tensor labels = bench.ints("labels", new Shape(members, 1, size[1]), size[0]);
                    Tensor gradient = bench.zeros(ElementType.REAL, shape);
                    Tensor loss = bench.zeros(ElementType.REAL, Shape.scalars(members));
                    body.run(bench.backend(), bench.reals("outputs", shape), labels, gradient, loss);
                    bench.output("gradient", gradient);
                    bench.output("loss", loss);
                });
            }
        }
    }

    private void distill(Shape shape, double temperature, double weight) {
        int members = shape.members();
        String label =
                "R=" + members + " O=" + shape.rows() + " B=" + shape.columns() + " T=" + temperature + " w=" + weight;
        // Every member has its own temperature and weight: the first has these, the others a half and a third.
        Tolerance tolerance = Tolerances.distillation(shape.rows(), shape.columns(), temperature);
        row("distill", label, tolerance, bench -> {
            Tensor gradient = bench.zeros(ElementType.REAL, shape);
            Tensor loss = bench.zeros(ElementType.REAL, Shape.scalars(members));
            bench.backend()
                    .distill(
                            bench.reals("outputs", shape),
                            bench.ints("labels", new Shape(members, 1, shape.columns()), shape.rows()),
                            bench.reals("teacher", shape),
                            bench.scalars(members, temperature),
                            bench.scalars(members, weight),
                            gradient,
                            loss);
            bench.output("gradient", gradient);
            bench.output("loss", loss);
        });
    }

    private void shrunkLayer(String label, Shape shape, Shape biases) {
        row("activate", label, Tolerances.ACTIVATION, bench -> {
            Tensor z = bench.reals("z", shape);
            Dropout dropout = bench.shrunkDropout(shape.members(), shape.rows(), 0.25);
            bench.backend().activate(z, bench.reals("bias", biases), Activation.TANH, dropout);
            bench.output("a", z);
        });
        row("activationGradient", label, Tolerances.ACTIVATION, bench -> {
            Tensor a = bench.reals("z", shape);
            Tensor da = bench.reals("da", shape);
            Dropout dropout = bench.shrunkDropout(shape.members(), shape.rows(), 0.25);
            bench.backend().activate(a, bench.reals("bias", biases), Activation.TANH, dropout);
            bench.backend().activationGradient(a, Activation.TANH, dropout, da);
            bench.output("dz", da);
        });
        row("dropout", label, Tolerances.DROPOUT, bench -> {
            Tensor x = bench.reals("x", shape);
            bench.backend().dropout(x, bench.shrunkDropout(shape.members(), shape.rows(), 0.25));
            bench.output("x", x);
        });
    }

    private void losses() {
        loss("softmaxCrossEntropy", Backend::softmaxCrossEntropy);
        loss("halfSquaredError", Backend::halfSquaredError);
        for (int members : MEMBERS) {
            for (int[] size : new int[][] {{1, 1}, {2, 31}, {10, 50}, {13, 33}}) {
                for (double temperature : new double[] {0.5, 1, 4}) {
                    for (double weight : new double[] {0, 0.7, 1}) {
                        distill(new Shape(members, size[0], size[1]), temperature, weight);
                    }
                }
            }
        }
        for (int members : MEMBERS) {
            for (int[] size : new int[][] {{1, 1}, {2, 31}, {10, 128}}) {
                row("countErrors", "R=" + members + " O=" + size[0] + " B=" + size[1], Tolerances.EXACT, bench -> {
                    Tensor errors = bench.zeros(ElementType.I32, Shape.scalars(members));
                    Tensor labels = bench.ints("labels", new Shape(members, 1, size[1]), size[0]);
                    bench.backend()
                            .countErrors(bench.coarse("outputs", new Shape(members, size[0], size[1])), labels, errors);
                    bench.output("errors", errors);
                });
            }
        }
    }

    private void curvature() {
        curvature(LAYERS, false);
        curvature(FEW_LAYERS, true);
        sparseCurvature(false);
        sparseCurvature(true);
        for (int members : MEMBERS) {
            for (int[] size : new int[][] {{1, 1}, {2, 31}, {10, 50}, {13, 33}}) {
                Shape shape = new Shape(members, size[0], size[1]);
                String label = "R=" + members + " O=" + size[0] + " B=" + size[1];
                row("softmaxCrossEntropyCurvature", label, Tolerances.PROBABILITIES, bench -> {
                    Tensor h = bench.zeros(ElementType.REAL, shape);
                    bench.backend().softmaxCrossEntropyCurvature(bench.reals("logits", shape), h);
                    bench.output("h", h);
                });
                row("softmaxCrossEntropyCurvature", "sure " + label, Tolerances.SURE, bench -> {
                    Tensor h = bench.zeros(ElementType.REAL, shape);
                    bench.backend().softmaxCrossEntropyCurvature(bench.coarse("logits", shape, 40), h);
                    bench.output("h", h);
                });
                row("halfSquaredErrorCurvature", label, Tolerances.QUOTIENT, bench -> {
                    Tensor h = bench.reals("left over", shape);
                    bench.backend().halfSquaredErrorCurvature(h);
                    bench.output("h", h);
                });
                row("square", label, Tolerances.SQUARE, bench -> {
                    Tensor out = bench.zeros(ElementType.REAL, shape);
                    bench.backend().square(bench.reals("x", shape), 0.7, out);
                    bench.output("out", out);
                });
            }
        }
    }

    private void curvature(int[][] sizes, boolean both) {
        String prefix = both ? "both " : "";
        layers("linearInputCurvature", prefix, sizes, 0, (bench, w, x, z) -> {
            Tensor dx = both ? bench.zeros(ElementType.REAL, x) : null;
            Tensor hx = bench.zeros(ElementType.REAL, x);
            Tensor dz = both ? bench.reals("dz", z) : null;
            bench.backend().linearInputCurvature(bench.reals("w", w), dz, bench.reals("hz", z), dx, hx);
            bench.output("hx", hx);
            if (both) {
                bench.output("dx", dx);
            }
        });
        layers("linearWeightCurvature", prefix, sizes, 2, (bench, w, x, z) -> {
            Tensor dw = both ? bench.zeros(ElementType.REAL, w) : null;
            Tensor hw = bench.zeros(ElementType.REAL, w);
            Tensor dz = both ? bench.reals("dz", z) : null;
            bench.backend().linearWeightCurvature(dz, bench.reals("hz", z), bench.reals("x", x), dw, hw);
            bench.output("hw", hw);
            if (both) {
                bench.output("dw", dw);
            }
        });
        for (int members : MEMBERS) {
            for (int[] size : new int[][] {{1, 1}, {7, 5}, {33, 31}, {31, 33}}) {
                for (Activation f : Activation.values()) {
                    activationCurvature(new Shape(members, size[0], size[1]), f, both);
                }
            }
        }
    }

    private void sparseCurvature(boolean both) {
        String half = both ? "both " : "";
        sparse("sparseInputCurvature", half, FEW_LAYERS, 0, (bench, pattern, values, x, z) -> {
            Tensor dx = both ? bench.zeros(ElementType.REAL, x) : null;
            Tensor hx = bench.zeros(ElementType.REAL, x);
            Tensor dz = both ? bench.reals("dz", z) : null;
            bench.backend()
                    .sparseInputCurvature(pattern, bench.reals("values", values), dz, bench.reals("hz", z), dx, hx);
            bench.output("hx", hx);
            if (both) {
                bench.output("dx", dx);
            }
        });
        sparse("sparseWeightCurvature", half, FEW_LAYERS, 2, (bench, pattern, values, x, z) -> {
            Tensor dvalues = both ? bench.reals("left over gradient", values) : null;
            Tensor hvalues = bench.reals("left over", values);
            Tensor dz = both ? bench.reals("dz", z) : null;
            bench.backend()
                    .sparseWeightCurvature(pattern, dz, bench.reals("hz", z), bench.reals("x", x), dvalues, hvalues);
            bench.output("hvalues", hvalues);
            if (both) {
                bench.output("dvalues", dvalues);
            }
        });
    }

    private void activationCurvature(Shape shape, Activation f, boolean both) {
        String label =
                f + (both ? " both R=" : " R=") + shape.members() + " O=" + shape.rows() + " B=" + shape.columns();
        row("activationCurvature", label, Tolerances.DERIVATIVES, bench -> {
            Tensor a = bench.reals("z", shape);
            Tensor da = both ? bench.reals("da", shape) : null;
            Tensor ha = bench.reals("ha", shape);
            bench.backend()
                    .activate(a, bench.reals("bias", new Shape(shape.members(), shape.rows(), 1)), f, Dropout.NONE);
            bench.backend().activationCurvature(a, f, da, ha);
            bench.output("hz", ha);
            if (both) {
                bench.output("dz", da);
            }
        });
    }

    private void optimiser() {
        Tolerance tolerance = Tolerances.OPTIMISER;
        for (int members : MEMBERS) {
            for (int[] size : new int[][] {{1, 1}, {7, 13}, {33, 31}}) {
                Shape shape = new Shape(members, size[0], size[1]);
                String shapeLabel = "R=" + members + " O=" + size[0] + " I=" + size[1];
                for (double penalty : new double[] {0, 0.01}) {
                    String label = shapeLabel + " penalty=" + penalty;
                    row("sgd", label, tolerance, bench -> {
                        Tensor w = bench.coarse("w", shape);
                        Tensor v = bench.reals("v", shape);
                        bench.backend()
                                .sgd(w, bench.reals("g", shape), v, bench.rates(members, 0.9, penalty, 2 * penalty));
                        bench.output("w", w);
                        bench.output("v", v);
                    });
                    for (double density : DENSITIES) {
                        row("maskedSgd", label + " density=" + density, tolerance, bench -> {
                            Tensor w = bench.coarse("w", shape);
                            Tensor v = bench.reals("v", shape);
                            Tensor mask = bench.mask("mask", shape, density);
                            bench.backend()
                                    .maskedSgd(
                                            w,
                                            bench.reals("g", shape),
                                            v,
                                            mask,
                                            bench.rates(members, 0.9, penalty, 2 * penalty));
                            bench.output("w", w);
                            bench.output("v", v);
                        });
                    }
                }
            }
        }
    }

    private void compression() {
        for (int members : MEMBERS) {
            for (int[] size : new int[][] {{1, 1}, {7, 13}, {33, 31}}) {
                Shape shape = new Shape(members, size[0], size[1]);
                String label = "R=" + members + " O=" + size[0] + " I=" + size[1];
                row("magnitude", label, Tolerances.EXACT, bench -> {
                    Tensor out = bench.zeros(ElementType.REAL, shape);
                    bench.backend().magnitude(bench.reals("w", shape), out);
                    bench.output("out", out);
                });
                row("uniform", label, Tolerances.EXACT, bench -> {
                    Tensor out = bench.zeros(ElementType.REAL, shape);
                    Tensor positions = bench.ints("positions", shape, 1 << 20);
                    bench.backend().uniform(bench.keys(members), bench.steps(members, 1000), 42, positions, out);
                    bench.output("out", out);
                });
                for (double density : DENSITIES) {
                    row("applyMask", label + " density=" + density, Tolerances.EXACT, bench -> {
                        Tensor x = bench.reals("x", shape);
                        bench.backend().applyMask(x, bench.mask("mask", shape, density));
                        bench.output("x", x);
                    });
                }
                for (int keepPerMille : new int[] {0, 1, 500, 1000}) {
                    pruneLowest(members, shape, label, keepPerMille);
                }
            }
        }
    }

    /** Two tensors under one ranking, with ties, after an earlier cut; the last of several members is left alone. */
    private void pruneLowest(int members, Shape shape, String label, int keepPerMille) {
        row("pruneLowest", label + " keep=" + keepPerMille + "/1000", Tolerances.EXACT, bench -> {
            Shape second = new Shape(members, shape.columns(), 2);
            List<Tensor> saliencies = List.of(bench.coarse("first", shape), bench.coarse("second", second));
            List<Tensor> masks = List.of(bench.mask("mask", shape, 0.8), bench.mask("mask 2", second, 1));
            int[] keep = new int[members];
            for (int r = 0; r < members; r++) {
                int alive = 0;
                for (Tensor mask : masks) {
                    for (byte value : bench.backend().bytes(mask, r)) {
                        alive += value;
                    }
                }
                keep[r] = members > 1 && r == members - 1 ? -1 : alive * keepPerMille / 1000;
            }
            bench.backend().pruneLowest(saliencies, masks, keep);
            bench.output("mask", masks.get(0));
            bench.output("mask 2", masks.get(1));
        });
    }
}
