package io.espalier.backend.contract;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.ImageOps;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
import io.espalier.backend.Window;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A backend whose ops are done a second time by another one, from copies of the same operands, and compared. Since every op
 * starts from the first backend's own numbers, errors do not add up from op to op, and the bounds are those of the contract.
 * What is computed is the first backend's; the other one only looks on.
 */
public final class CheckedBackend implements BorrowedMemory {
    private final Backend subject;
    private final Backend shadow;
    /** Read-only tensors of the subject and the same in the shadow: too large to copy for every op. */
    private final Map<Tensor, Tensor> constants = new IdentityHashMap<>();

    private final ImageOps images;

    private int stepsLeft;
    private Parity parity = Parity.NONE;

    /** Looks on at nothing until {@link #watch} is called; closes both backends. */
    public CheckedBackend(Backend subject, Backend shadow) {
        this.subject = subject;
        this.shadow = shadow;
        this.images = new CheckedImages(this, subject.images());
    }

    /** Compares everything from now on until so many training steps have begun and a further one begins. */
    public void watch(int steps) {
        stepsLeft = steps + 1;
    }

    /** What has been found since this was last asked. */
    public Parity takeParity() {
        Parity taken = parity;
        parity = Parity.NONE;
        return taken;
    }

    @Override
    public String name() {
        return subject.name();
    }

    @Override
    public double unitRoundoff() {
        return subject.unitRoundoff();
    }

    @Override
    public void close() {
        constants.values().forEach(Tensor::close);
        subject.close();
        shadow.close();
    }

    @Override
    public Pause pause() {
        return subject.pause();
    }

    // ---- ops --------------------------------------------------------------------------------------------------------

    /** Runs an op, and if somebody watches, its shadow. */
    void run(String op, Tolerance tolerance, List<Tensor> outputs, BiConsumer<Backend, Mirror> shadowed, Runnable own) {
        if (stepsLeft == 0) {
            own.run();
            return;
        }
        try (Mirror plain = new Mirror(subject, shadow, constants, false);
                Mirror absolute = new Mirror(subject, shadow, constants, true)) {
            shadowed.accept(shadow, plain);
            boolean isSum = tolerance instanceof Tolerance.Sum;
            if (isSum) {
                shadowed.accept(shadow, absolute);
            }
            own.run();
            double worst = 0;
            for (Tensor output : outputs) {
                Tensor scale = isSum ? absolute.of(output) : plain.of(output);
                worst = Math.max(worst, worst(tolerance, output, plain.of(output), scale));
            }
            parity = parity.plus(new Parity(1, worst, op));
        }
    }

    private double worst(Tolerance tolerance, Tensor output, Tensor expected, Tensor scale) {
        double u = subject.unitRoundoff() + shadow.unitRoundoff();
        double worst = 0;
        for (int r = 0; r < output.shape().members(); r++) {
            double[] actual = numbers(subject, output, r);
            double[] right = numbers(shadow, expected, r);
            double[] scales = numbers(shadow, scale, r);
            for (int i = 0; i < right.length; i++) {
                double bound = tolerance.bound(u, right[i], Math.abs(scales[i]));
                worst = Math.max(worst, Verification.ratio(actual[i], right[i], bound));
            }
        }
        return worst;
    }

    private static double[] numbers(Backend backend, Tensor tensor, int member) {
        if (tensor.type() == ElementType.REAL) {
            return backend.doubles(tensor, member);
        }
        double[] values = new double[tensor.shape().perMember()];
        if (tensor.type() == ElementType.I32) {
            int[] ints = backend.ints(tensor, member);
            java.util.Arrays.setAll(values, i -> ints[i]);
        } else {
            byte[] bytes = backend.bytes(tensor, member);
            java.util.Arrays.setAll(values, i -> bytes[i]);
        }
        return values;
    }

    @Override
    public long freeMemory() {
        return subject.freeMemory();
    }

    @Override
    public void finish() {
        subject.finish();
    }

    @Override
    public void advance(Tensor counter) {
        run(
                "advance",
                Tolerances.EXACT,
                List.of(counter),
                (b, m) -> b.advance(m.of(counter)),
                () -> subject.advance(counter));
    }

    @Override
    public void lookUp(Tensor table, Tensor counter, Tensor out) {
        run(
                "lookUp",
                Tolerances.EXACT,
                List.of(out),
                (b, m) -> b.lookUp(m.of(table), m.of(counter), m.of(out)),
                () -> subject.lookUp(table, counter, out));
    }

    @Override
    public void range(int first, Tensor indices) {
        run(
                "range",
                Tolerances.EXACT,
                List.of(indices),
                (b, m) -> b.range(first, m.of(indices)),
                () -> subject.range(first, indices));
    }

    @Override
    public void batchIndices(Tensor keys, Tensor step, int examples, int batchSize, Tensor indices) {
        stepsLeft = Math.max(0, stepsLeft - 1);
        run(
                "batchIndices",
                Tolerances.EXACT,
                List.of(indices),
                (b, m) -> b.batchIndices(m.of(keys), m.of(step), examples, batchSize, m.of(indices)),
                () -> subject.batchIndices(keys, step, examples, batchSize, indices));
    }

    @Override
    public void gather(Tensor data, Tensor indices, Tensor out) {
        run(
                "gather",
                Tolerances.GATHER,
                List.of(out),
                (b, m) -> b.gather(m.of(data), m.of(indices), m.of(out)),
                () -> subject.gather(data, indices, out));
    }

    @Override
    public void gatherLabels(Tensor labels, Tensor indices, Tensor out) {
        run(
                "gatherLabels",
                Tolerances.EXACT,
                List.of(out),
                (b, m) -> b.gatherLabels(m.of(labels), m.of(indices), m.of(out)),
                () -> subject.gatherLabels(labels, indices, out));
    }

    @Override
    public void linear(Tensor w, Tensor x, Tensor z) {
        run(
                "linear",
                Tolerances.sum(w.shape().columns()),
                List.of(z),
                (b, m) -> b.linear(m.of(w), m.of(x), m.of(z)),
                () -> subject.linear(w, x, z));
    }

    @Override
    public void linearInputGradient(Tensor w, Tensor dz, Tensor dx) {
        run(
                "linearInputGradient",
                Tolerances.sum(w.shape().rows()),
                List.of(dx),
                (b, m) -> b.linearInputGradient(m.of(w), m.of(dz), m.of(dx)),
                () -> subject.linearInputGradient(w, dz, dx));
    }

    @Override
    public void linearWeightGradient(Tensor dz, Tensor x, Tensor dw) {
        run(
                "linearWeightGradient",
                Tolerances.sum(x.shape().columns()),
                List.of(dw),
                (b, m) -> b.linearWeightGradient(m.of(dz), m.of(x), m.of(dw)),
                () -> subject.linearWeightGradient(dz, x, dw));
    }

    @Override
    public void convolution(Tensor w, Tensor x, Window window, Tensor patches, Tensor z) {
        run(
                "convolution",
                Tolerances.sum(patches.shape().rows()),
                List.of(z),
                (b, m) -> b.convolution(m.of(w), m.of(x), window, m.of(patches), m.of(z)),
                () -> subject.convolution(w, x, window, patches, z));
    }

    @Override
    public void convolutionInputGradient(Tensor w, Tensor dz, Window window, Tensor patches, Tensor dx) {
        run(
                "convolutionInputGradient",
                Tolerances.sum(w.shape().rows() + window.overlap()),
                List.of(dx),
                (b, m) -> b.convolutionInputGradient(m.of(w), m.of(dz), window, m.of(patches), m.of(dx)),
                () -> subject.convolutionInputGradient(w, dz, window, patches, dx));
    }

    @Override
    public void convolutionWeightGradient(Tensor dz, Tensor x, Window window, Tensor patches, Tensor dw) {
        run(
                "convolutionWeightGradient",
                Tolerances.sum(patches.shape().columns()),
                List.of(dw),
                (b, m) -> b.convolutionWeightGradient(m.of(dz), m.of(x), window, m.of(patches), m.of(dw)),
                () -> subject.convolutionWeightGradient(dz, x, window, patches, dw));
    }

    @Override
    public void biasGradient(Tensor dz, Tensor db) {
        run(
                "biasGradient",
                Tolerances.sum(dz.shape().columns()),
                List.of(db),
                (b, m) -> b.biasGradient(m.of(dz), m.of(db)),
                () -> subject.biasGradient(dz, db));
    }

    @Override
    public void sparseConvolution(
            SparsePattern pattern, Tensor values, Tensor x, Window window, Tensor patches, Tensor z) {
        run(
                "sparseConvolution",
                Tolerances.sum(pattern.inputs()),
                List.of(z),
                (b, m) -> b.sparseConvolution(m.of(pattern), m.of(values), m.of(x), window, m.of(patches), m.of(z)),
                () -> subject.sparseConvolution(pattern, values, x, window, patches, z));
    }

    @Override
    public void sparseConvolutionInputGradient(
            SparsePattern pattern, Tensor values, Tensor dz, Window window, Tensor patches, Tensor dx) {
        run(
                "sparseConvolutionInputGradient",
                Tolerances.sum(pattern.outputs() + window.overlap()),
                List.of(dx),
                (b, m) -> b.sparseConvolutionInputGradient(
                        m.of(pattern), m.of(values), m.of(dz), window, m.of(patches), m.of(dx)),
                () -> subject.sparseConvolutionInputGradient(pattern, values, dz, window, patches, dx));
    }

    @Override
    public void sparseLinear(SparsePattern pattern, Tensor values, Tensor x, Tensor z) {
        run(
                "sparseLinear",
                Tolerances.sum(pattern.inputs()),
                List.of(z),
                (b, m) -> b.sparseLinear(m.of(pattern), m.of(values), m.of(x), m.of(z)),
                () -> subject.sparseLinear(pattern, values, x, z));
    }

    @Override
    public void sparseInputGradient(SparsePattern pattern, Tensor values, Tensor dz, Tensor dx) {
        run(
                "sparseInputGradient",
                Tolerances.sum(pattern.outputs()),
                List.of(dx),
                (b, m) -> b.sparseInputGradient(m.of(pattern), m.of(values), m.of(dz), m.of(dx)),
                () -> subject.sparseInputGradient(pattern, values, dz, dx));
    }

    @Override
    public void sparseWeightGradient(SparsePattern pattern, Tensor dz, Tensor x, Tensor dvalues) {
        run(
                "sparseWeightGradient",
                Tolerances.sum(x.shape().columns()),
                List.of(dvalues),
                (b, m) -> b.sparseWeightGradient(m.of(pattern), m.of(dz), m.of(x), m.of(dvalues)),
                () -> subject.sparseWeightGradient(pattern, dz, x, dvalues));
    }

    @Override
    public void hashIndices(WeightHash hash, int[] buckets, Tensor index) {
        run(
                "hashIndices",
                Tolerances.EXACT,
                List.of(index),
                (b, m) -> b.hashIndices(hash, buckets, m.of(index)),
                () -> subject.hashIndices(hash, buckets, index));
    }

    @Override
    public void expandBuckets(Tensor buckets, Tensor index, Tensor virtual) {
        run(
                "expandBuckets",
                Tolerances.EXACT,
                List.of(virtual),
                (b, m) -> b.expandBuckets(m.of(buckets), m.of(index), m.of(virtual)),
                () -> subject.expandBuckets(buckets, index, virtual));
    }

    @Override
    public void hashedLinear(Tensor buckets, Tensor index, Tensor x, Tensor virtual, Tensor z) {
        run(
                "hashedLinear",
                Tolerances.sum(x.shape().rows()),
                List.of(virtual, z),
                (b, m) -> b.hashedLinear(m.of(buckets), m.ofEntries(index), m.of(x), m.of(virtual), m.of(z)),
                () -> subject.hashedLinear(buckets, index, x, virtual, z));
    }

    @Override
    public void reduceToBuckets(Tensor gradient, Tensor index, Tensor bucketGradient) {
        run(
                "reduceToBuckets",
                Tolerances.sum(gradient.shape().perMember()),
                List.of(bucketGradient),
                (b, m) -> b.reduceToBuckets(m.of(gradient), m.ofEntries(index), m.of(bucketGradient)),
                () -> subject.reduceToBuckets(gradient, index, bucketGradient));
    }

    @Override
    public void lowRankLinear(int[] ranks, Tensor fixed, Tensor learned, Tensor x, Tensor hidden, Tensor z) {
        run(
                "lowRankLinear",
                Tolerances.sum(x.shape().rows() + hidden.shape().rows()),
                List.of(hidden, z),
                (b, m) -> b.lowRankLinear(ranks, m.of(fixed), m.of(learned), m.of(x), m.of(hidden), m.of(z)),
                () -> subject.lowRankLinear(ranks, fixed, learned, x, hidden, z));
    }

    @Override
    public void lowRankInputGradient(int[] ranks, Tensor fixed, Tensor learned, Tensor dz, Tensor dhidden, Tensor dx) {
        run(
                "lowRankInputGradient",
                Tolerances.sum(dz.shape().rows() + dhidden.shape().rows()),
                List.of(dhidden, dx),
                (b, m) -> b.lowRankInputGradient(ranks, m.of(fixed), m.of(learned), m.of(dz), m.of(dhidden), m.of(dx)),
                () -> subject.lowRankInputGradient(ranks, fixed, learned, dz, dhidden, dx));
    }

    @Override
    public void lowRankWeightGradient(int[] ranks, Tensor dz, Tensor hidden, Tensor dlearned) {
        run(
                "lowRankWeightGradient",
                Tolerances.sum(dz.shape().columns()),
                List.of(dlearned),
                (b, m) -> b.lowRankWeightGradient(ranks, m.of(dz), m.of(hidden), m.of(dlearned)),
                () -> subject.lowRankWeightGradient(ranks, dz, hidden, dlearned));
    }

    @Override
    public void activate(Tensor z, Tensor bias, Activation f, Dropout dropout) {
        run(
                "activate",
                Tolerances.ACTIVATION,
                List.of(z),
                (b, m) -> b.activate(m.of(z), m.of(bias), f, m.of(dropout)),
                () -> subject.activate(z, bias, f, dropout));
    }

    @Override
    public void activationGradient(Tensor a, Activation f, Dropout dropout, Tensor da) {
        run(
                "activationGradient",
                Tolerances.ACTIVATION,
                List.of(da),
                (b, m) -> b.activationGradient(m.of(a), f, m.of(dropout), m.of(da)),
                () -> subject.activationGradient(a, f, dropout, da));
    }

    @Override
    public void dropout(Tensor x, Dropout dropout) {
        run(
                "dropout",
                Tolerances.DROPOUT,
                List.of(x),
                (b, m) -> b.dropout(m.of(x), m.of(dropout)),
                () -> subject.dropout(x, dropout));
    }

    @Override
    public void softmaxCrossEntropy(Tensor z, Tensor labels, Tensor dz, Tensor loss) {
        run(
                "softmaxCrossEntropy",
                Tolerances.loss(z.shape().rows(), z.shape().columns()),
                List.of(dz, loss),
                (b, m) -> b.softmaxCrossEntropy(m.of(z), m.of(labels), m.of(dz), m.of(loss)),
                () -> subject.softmaxCrossEntropy(z, labels, dz, loss));
    }

    @Override
    public void gatherColumns(Tensor table, Tensor indices, Tensor out) {
        run(
                "gatherColumns",
                Tolerances.EXACT,
                List.of(out),
                (b, m) -> b.gatherColumns(m.of(table), m.of(indices), m.of(out)),
                () -> subject.gatherColumns(table, indices, out));
    }

    @Override
    public void distill(
            Tensor z, Tensor labels, Tensor teacher, Tensor temperature, Tensor weight, Tensor dz, Tensor loss) {
        double largest = 0;
        for (int r = 0; r < temperature.shape().members(); r++) {
            largest = Math.max(largest, subject.doubles(temperature, r)[0]);
        }
        run(
                "distill",
                Tolerances.distillation(z.shape().rows(), z.shape().columns(), largest),
                List.of(dz, loss),
                (b, m) -> b.distill(
                        m.of(z), m.of(labels), m.of(teacher), m.of(temperature), m.of(weight), m.of(dz), m.of(loss)),
                () -> subject.distill(z, labels, teacher, temperature, weight, dz, loss));
    }

    @Override
    public void halfSquaredError(Tensor a, Tensor labels, Tensor da, Tensor loss) {
        run(
                "halfSquaredError",
                Tolerances.loss(a.shape().rows(), a.shape().columns()),
                List.of(da, loss),
                (b, m) -> b.halfSquaredError(m.of(a), m.of(labels), m.of(da), m.of(loss)),
                () -> subject.halfSquaredError(a, labels, da, loss));
    }

    @Override
    public void countErrors(Tensor a, Tensor labels, Tensor errors) {
        run(
                "countErrors",
                Tolerances.EXACT,
                List.of(errors),
                (b, m) -> b.countErrors(m.of(a), m.of(labels), m.of(errors)),
                () -> subject.countErrors(a, labels, errors));
    }

    @Override
    public void linearInputCurvature(Tensor w, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        run(
                "linearInputCurvature",
                Tolerances.sum(w.shape().rows()),
                present(dx, hx),
                (b, m) -> b.linearInputCurvature(m.of(w), m.of(dz), m.of(hz), m.of(dx), m.of(hx)),
                () -> subject.linearInputCurvature(w, dz, hz, dx, hx));
    }

    @Override
    public void linearWeightCurvature(Tensor dz, Tensor hz, Tensor x, Tensor dw, Tensor hw) {
        run(
                "linearWeightCurvature",
                Tolerances.sum(x.shape().columns()),
                present(dw, hw),
                (b, m) -> b.linearWeightCurvature(m.of(dz), m.of(hz), m.of(x), m.of(dw), m.of(hw)),
                () -> subject.linearWeightCurvature(dz, hz, x, dw, hw));
    }

    @Override
    public void sparseInputCurvature(SparsePattern pattern, Tensor values, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        run(
                "sparseInputCurvature",
                Tolerances.sum(hz.shape().rows()),
                present(dx, hx),
                (b, m) -> b.sparseInputCurvature(m.of(pattern), m.of(values), m.of(dz), m.of(hz), m.of(dx), m.of(hx)),
                () -> subject.sparseInputCurvature(pattern, values, dz, hz, dx, hx));
    }

    @Override
    public void sparseWeightCurvature(
            SparsePattern pattern, Tensor dz, Tensor hz, Tensor x, Tensor dvalues, Tensor hvalues) {
        run(
                "sparseWeightCurvature",
                Tolerances.sum(x.shape().columns()),
                present(dvalues, hvalues),
                (b, m) -> b.sparseWeightCurvature(
                        m.of(pattern), m.of(dz), m.of(hz), m.of(x), m.of(dvalues), m.of(hvalues)),
                () -> subject.sparseWeightCurvature(pattern, dz, hz, x, dvalues, hvalues));
    }

    @Override
    public void activationCurvature(Tensor a, Activation f, Tensor da, Tensor ha) {
        run(
                "activationCurvature",
                Tolerances.DERIVATIVES,
                present(da, ha),
                (b, m) -> b.activationCurvature(m.of(a), f, m.of(da), m.of(ha)),
                () -> subject.activationCurvature(a, f, da, ha));
    }

    @Override
    public void softmaxCrossEntropyCurvature(Tensor z, Tensor h) {
        run(
                "softmaxCrossEntropyCurvature",
                Tolerances.ANY_PROBABILITIES,
                List.of(h),
                (b, m) -> b.softmaxCrossEntropyCurvature(m.of(z), m.of(h)),
                () -> subject.softmaxCrossEntropyCurvature(z, h));
    }

    @Override
    public void halfSquaredErrorCurvature(Tensor h) {
        run(
                "halfSquaredErrorCurvature",
                Tolerances.QUOTIENT,
                List.of(h),
                (b, m) -> b.halfSquaredErrorCurvature(m.of(h)),
                () -> subject.halfSquaredErrorCurvature(h));
    }

    @Override
    public void square(Tensor x, double scale, Tensor out) {
        run(
                "square",
                Tolerances.SQUARE,
                List.of(out),
                (b, m) -> b.square(m.of(x), scale, m.of(out)),
                () -> subject.square(x, scale, out));
    }

    /** The outputs that are asked for: the gradient's half of an op may be left out. */
    private static List<Tensor> present(Tensor gradient, Tensor curvature) {
        return gradient == null ? List.of(curvature) : List.of(gradient, curvature);
    }

    @Override
    public void sgd(Tensor w, Tensor g, Tensor v, SgdRates rates) {
        run(
                "sgd",
                Tolerances.OPTIMISER,
                List.of(w, v),
                (b, m) -> b.sgd(m.of(w), m.of(g), m.of(v), m.of(rates)),
                () -> subject.sgd(w, g, v, rates));
    }

    @Override
    public void maskedSgd(Tensor w, Tensor g, Tensor v, Tensor mask, SgdRates rates) {
        run(
                "maskedSgd",
                Tolerances.OPTIMISER,
                List.of(w, v),
                (b, m) -> b.maskedSgd(m.of(w), m.of(g), m.of(v), m.of(mask), m.of(rates)),
                () -> subject.maskedSgd(w, g, v, mask, rates));
    }

    @Override
    public void applyMask(Tensor x, Tensor mask) {
        run(
                "applyMask",
                Tolerances.EXACT,
                List.of(x),
                (b, m) -> b.applyMask(m.of(x), m.of(mask)),
                () -> subject.applyMask(x, mask));
    }

    @Override
    public void magnitude(Tensor w, Tensor out) {
        run(
                "magnitude",
                Tolerances.EXACT,
                List.of(out),
                (b, m) -> b.magnitude(m.of(w), m.of(out)),
                () -> subject.magnitude(w, out));
    }

    @Override
    public void uniform(Tensor keys, Tensor step, int stream, Tensor positions, Tensor out) {
        run(
                "uniform",
                Tolerances.EXACT,
                List.of(out),
                (b, m) -> b.uniform(m.of(keys), m.of(step), stream, m.of(positions), m.of(out)),
                () -> subject.uniform(keys, step, stream, positions, out));
    }

    @Override
    public void pruneLowest(List<Tensor> saliencies, List<Tensor> masks, int[] keep) {
        run(
                "pruneLowest",
                Tolerances.EXACT,
                masks,
                (b, m) -> b.pruneLowest(m.of(saliencies), m.of(masks), keep),
                () -> subject.pruneLowest(saliencies, masks, keep));
    }

    @Override
    public ImageOps images() {
        return images;
    }

    @Override
    public boolean prefersSparse(int outputs, int inputs, double density) {
        return subject.prefersSparse(outputs, inputs, density);
    }

    // ---- memory: the subject's --------------------------------------------------------------------------------------

    @Override
    public Backend memory() {
        return subject;
    }

    @Override
    public Tensor view(Tensor tensor, Shape shape) {
        Tensor view = subject.view(tensor, shape);
        Tensor constant = constants.get(tensor);
        if (constant != null) {
            constants.put(view, shadow.view(constant, shape));
        }
        return view;
    }

    @Override
    public Tensor constant(byte[] values, Shape shape) {
        Tensor tensor = subject.constant(values, shape);
        constants.put(tensor, shadow.constant(values, shape));
        return tensor;
    }

    @Override
    public Tensor constant(int[] values, Shape shape) {
        Tensor tensor = subject.constant(values, shape);
        constants.put(tensor, shadow.constant(values, shape));
        return tensor;
    }
}
