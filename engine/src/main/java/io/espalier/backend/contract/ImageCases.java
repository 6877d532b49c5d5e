package io.espalier.backend.contract;

import io.espalier.backend.Augmentation;
import io.espalier.backend.ElementType;
import io.espalier.backend.ImageOps;
import io.espalier.backend.Moments;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The cases of the ops on images. */
final class ImageCases {
    private static final int[] MEMBERS = {1, 3};

    /**
     * One pixel; padding on all sides; odd sizes at stride 2, with and without what is left at the border; windows wider than the
     * image, apart from each other, of one pixel, of a whole image; more than a vector of examples.
     */
    private static final Window[] WINDOWS = {
        new Window(1, 1, 1, 1, 1, 0),
        new Window(2, 5, 5, 3, 1, 1),
        new Window(1, 3, 6, 2, 1, 0),
        new Window(3, 7, 6, 3, 2, 1),
        new Window(2, 6, 7, 3, 2, 0),
        new Window(1, 4, 4, 5, 3, 2),
        new Window(2, 9, 8, 2, 3, 0),
        new Window(1, 5, 8, 1, 2, 0),
        new Window(2, 8, 8, 8, 8, 0)
    };

    /** (examples, channels, height, width, batch, shift). */
    private static final int[][] IMAGES = {
        {1, 1, 1, 1, 1, 0}, {5, 3, 4, 7, 6, 2}, {9, 1, 3, 33, 35, 1}, {4, 2, 5, 5, 4, 9}, {6, 3, 8, 8, 17, 4}
    };

    private static final int[] BATCHES = {1, 4, 19};

    /** More examples would make the recorded answers of convolutions large, and add a vector of them to what products are tested for. */
    private static final int FEW = 4;

    /** Of the filters of sparse convolutions. */
    private static final double[] DENSITIES = {0, 0.3, 1};

    /** Outputs of convolutions. */
    private static final int FILTERS = 5;

    /** (rows, columns). */
    private static final int[][] ROWS = {{1, 1}, {3, 2}, {7, 33}, {5, 64}, {1, 1030}};

    private static final double EPSILON = 1e-3;

    private final List<OpCase> cases = new ArrayList<>();

    private ImageCases() {}

    static List<OpCase> cases() {
        ImageCases all = new ImageCases();
        for (int members : MEMBERS) {
            for (int[] size : IMAGES) {
                all.data(members, size);
            }
            for (Window window : WINDOWS) {
                for (int batch : BATCHES) {
                    all.windows(members, window, batch);
                }
            }
            for (int[] size : ROWS) {
                all.normalisation(new Shape(members, size[0], size[1]));
                all.parts(new Shape(members, size[0], size[1]));
            }
        }
        return all.cases;
    }

    private void data(int members, int[] size) {
        String label =
                "R=" + members + " N=" + size[0] + " C=" + size[1] + " " + size[2] + "x" + size[3] + " B=" + size[4];
        Shape perRow = new Shape(members, size[1], 1);
        Shape batch = new Shape(members, 1, size[4]);
        int features = size[1] * size[2] * size[3];
        for (boolean moved : new boolean[] {false, true}) {
            row("gatherImages", label + (moved ? " shift=" + size[5] : ""), Tolerances.NORMALISED, (bench, ops) -> {
                Tensor out = bench.reals("left over", new Shape(members, features, size[4]));
                Augmentation augmentation = moved
                        ? new Augmentation(bench.keys(members), bench.steps(members, 1000), size[5], size[5] != 1, 77)
                        : Augmentation.NONE;
                ops.gatherImages(
                        bench.pixels("data", size[0], features),
                        bench.ints("indices", batch, size[0]),
                        bench.subtracted("mean", perRow),
                        bench.reals("scale", perRow),
                        size[3],
                        augmentation,
                        out);
                bench.output("out", out);
            });
        }
    }

    private void windows(int members, Window window, int batch) {
        String label = "R=" + members + " C=" + window.channels() + " " + window.height() + "x" + window.width() + " k="
                + window.kernel() + " s=" + window.stride() + " p=" + window.padding() + " B=" + batch;
        Shape images = window.inputs(members, batch);
        Shape outputs = window.outputs(members, batch);
        row("patches", label, Tolerances.EXACT, (bench, ops) -> {
            Tensor out = bench.reals("left over", window.patches(members, batch));
            ops.patches(bench.reals("x", images), window, out);
            bench.output("patches", out);
        });
        row("foldPatches", label, Tolerances.sum(window.overlap()), (bench, ops) -> {
            Tensor out = bench.reals("left over", images);
            ops.foldPatches(bench.reals("patches", window.patches(members, batch)), window, out);
            bench.output("images", out);
        });
        if (batch <= FEW) {
            convolution(members, window, batch, label);
        }
        if (batch > 1 && (batch <= FEW || window.stride() == 1)) {
            sparseConvolution(members, window, batch, label);
        }
        row("maxPool", label, Tolerances.EXACT, (bench, ops) -> {
            Tensor y = bench.reals("left over", outputs);
            Tensor winners = bench.zeros(ElementType.U8, outputs);
            ops.maxPool(bench.coarse("x", images), window, y, winners);
            bench.output("y", y);
            bench.output("winners", winners);
        });
        row("maxPoolGradient", label, Tolerances.sum(window.overlap()), (bench, ops) -> {
            Tensor winners = bench.zeros(ElementType.U8, outputs);
            // The same pixels win in the absolute run.
            ops.maxPool(bench.positives("x", images), window, bench.zeros(ElementType.REAL, outputs), winners);
            Tensor dx = bench.reals("left over", images);
            ops.maxPoolGradient(bench.reals("dy", outputs), winners, window, dx);
            bench.output("dx", dx);
        });
        row("averagePool", label, Tolerances.sum(window.places()), (bench, ops) -> {
            Tensor y = bench.reals("left over", outputs);
            ops.averagePool(bench.reals("x", images), window, 1.0 / window.places(), y);
            bench.output("y", y);
        });
        row("averagePoolGradient", label, Tolerances.sum(window.overlap()), (bench, ops) -> {
            Tensor dx = bench.reals("left over", images);
            ops.averagePoolGradient(bench.reals("dy", outputs), window, 1.0 / window.places(), dx);
            bench.output("dx", dx);
        });
    }

    private void convolution(int members, Window window, int batch, String label) {
        Shape patches = window.patches(members, batch);
        Shape weights = new Shape(members, FILTERS, patches.rows());
        Shape outputs = new Shape(members, FILTERS, patches.columns());
        Shape images = window.inputs(members, batch);
        row("convolution", label, Tolerances.sum(patches.rows()), (bench, ops) -> {
            Tensor z = bench.reals("left over", outputs);
            bench.backend()
                    .convolution(
                            bench.reals("w", weights),
                            bench.reals("x", images),
                            window,
                            bench.zeros(ElementType.REAL, patches),
                            z);
            bench.output("z", z);
        });
        row("convolutionInputGradient", label, Tolerances.sum(FILTERS + window.overlap()), (bench, ops) -> {
            Tensor dx = bench.reals("left over", images);
            bench.backend()
                    .convolutionInputGradient(
                            bench.reals("w", weights),
                            bench.reals("dz", outputs),
                            window,
                            bench.zeros(ElementType.REAL, patches),
                            dx);
            bench.output("dx", dx);
        });
        row("convolutionWeightGradient", label, Tolerances.sum(patches.columns()), (bench, ops) -> {
            Tensor dw = bench.reals("left over", weights);
            bench.backend()
                    .convolutionWeightGradient(
                            bench.reals("dz", outputs),
                            bench.reals("x", images),
                            window,
                            bench.zeros(ElementType.REAL, patches),
                            dw);
            bench.output("dw", dw);
        });
    }

    private void sparseConvolution(int members, Window window, int batch, String label) {
        Shape patches = window.patches(members, batch);
        Shape weights = new Shape(members, FILTERS, patches.rows());
        Shape outputs = new Shape(members, FILTERS, patches.columns());
        Shape images = window.inputs(members, batch);
        for (double density : batch > FEW ? new double[] {0.3} : DENSITIES) {
            String sparse = label + " density=" + density;
            row("sparseConvolution", sparse, Tolerances.sum(patches.rows()), (bench, ops) -> {
                Tensor z = bench.reals("left over", outputs);
                try (SparsePattern pattern = bench.pattern("mask", weights, density)) {
                    bench.backend()
                            .sparseConvolution(
                                    pattern,
                                    bench.reals("values", new Shape(members, 1, pattern.capacity())),
                                    bench.reals("x", images),
                                    window,
                                    bench.reals("left in patches", patches),
                                    z);
                }
                bench.output("z", z);
            });
            Tolerance sum = Tolerances.sum(FILTERS + window.overlap());
            row("sparseConvolutionInputGradient", sparse, sum, (bench, ops) -> {
                Tensor dx = bench.reals("left over", images);
                try (SparsePattern pattern = bench.pattern("mask", weights, density)) {
                    bench.backend()
                            .sparseConvolutionInputGradient(
                                    pattern,
                                    bench.reals("values", new Shape(members, 1, pattern.capacity())),
                                    bench.reals("dz", outputs),
                                    window,
                                    bench.reals("left in patches", patches),
                                    dx);
                }
                bench.output("dx", dx);
            });
        }
    }

    private void normalisation(Shape shape) {
        String label = label(shape);
        Shape perRow = new Shape(shape.members(), shape.rows(), 1);
        Tolerance sum = Tolerances.sum(shape.columns());
        row("mean", label, sum, (bench, ops) -> {
            Tensor mean = bench.reals("left over", perRow);
            ops.mean(bench.reals("x", shape), mean);
            bench.output("mean", mean);
        });
        row("variance", label, sum, (bench, ops) -> {
            Tensor variance = bench.reals("left over", perRow);
            ops.variance(bench.reals("x", shape), bench.subtracted("mean", perRow), variance);
            bench.output("variance", variance);
        });
        row("normalise", label, Tolerances.NORMALISED, (bench, ops) -> {
            Tensor y = bench.reals("left over", shape);
            ops.normalise(
                    bench.reals("x", shape),
                    moments(bench, perRow),
                    bench.reals("gain", perRow),
                    bench.reals("shift", perRow),
                    y);
            bench.output("y", y);
        });
        row("normaliseSums", label, sum, (bench, ops) -> {
            Tensor dgain = bench.reals("left over", perRow);
            Tensor dshift = bench.reals("left over too", perRow);
            ops.normaliseSums(bench.reals("x", shape), moments(bench, perRow), bench.reals("dy", shape), dgain, dshift);
            bench.output("dgain", dgain);
            bench.output("dshift", dshift);
        });
        row("normaliseGradient", label, Tolerances.NORMALISED, (bench, ops) -> {
            Tensor dx = bench.reals("left over", shape);
            ops.normaliseGradient(
                    bench.reals("x", shape),
                    moments(bench, perRow),
                    bench.reals("gain", perRow),
                    bench.reals("dy", shape),
                    bench.subtracted("dgain", perRow),
                    bench.subtracted("dshift", perRow),
                    dx);
            bench.output("dx", dx);
        });
        for (int power : new int[] {1, 2}) {
            row("scaleRows", label + " power=" + power, Tolerances.SCALED_ROW, (bench, ops) -> {
                Tensor out = bench.reals("left over", shape);
                ops.scaleRows(bench.reals("x", shape), moments(bench, perRow), bench.reals("gain", perRow), power, out);
                bench.output("out", out);
            });
        }
    }

    private static Moments moments(Bench bench, Shape perRow) {
        return new Moments(bench.subtracted("mean", perRow), bench.positives("variance", perRow), EPSILON);
    }

    private void parts(Shape shape) {
        String label = label(shape);
        for (double[] factors : new double[][] {{1, 1}, {0.1, 0.9}, {-2, 1}}) {
            row("combine", label + " a=" + factors[0] + " b=" + factors[1], Tolerances.COMBINED, (bench, ops) -> {
                Tensor y = bench.reals("y", shape);
                ops.combine(bench.factor(factors[0]), bench.reals("x", shape), bench.factor(factors[1]), y);
                bench.output("y", y);
            });
        }
        for (int[] part : new int[][] {{0, 0}, {2, 0}, {0, 3}, {2, 3}}) {
            String place = label + " before=" + part[0] + " behind=" + part[1];
            Shape whole = new Shape(shape.members(), part[0] + shape.rows() + part[1], shape.columns());
            row("copyRows", place, Tolerances.EXACT, (bench, ops) -> {
                Tensor to = bench.reals("to", whole);
                ops.copyRows(bench.reals("from", shape), to, part[0]);
                bench.output("to", to);
            });
            row("addRows", place, Tolerances.COMBINED, (bench, ops) -> {
                Tensor to = bench.reals("to", shape);
                ops.addRows(bench.reals("from", whole), part[0], to);
                bench.output("to", to);
            });
        }
    }

    private static String label(Shape shape) {
        return "R=" + shape.members() + " C=" + shape.rows() + " N=" + shape.columns();
    }

    private void row(String op, String label, Tolerance tolerance, BiConsumer<Bench, ImageOps> body) {
        cases.add(new OpCase(
                op,
                label,
                tolerance,
                bench -> body.accept(bench, bench.backend().images())));
    }
}
