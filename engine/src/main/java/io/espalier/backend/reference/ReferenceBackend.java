package io.espalier.backend.reference;

import io.espalier.backend.Activation;
import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.HostBackend;
import io.espalier.backend.HostTensors;
import io.espalier.backend.ImageOps;
import io.espalier.backend.Preconditions;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.SparseRule;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
import io.espalier.random.Philox;
import io.espalier.random.Shuffle;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The living definition of the ops. Where another backend disagrees, this one is right until proven otherwise. */
public final class ReferenceBackend implements HostBackend {
    /** Opens the reference; ND4J is optional, so it may be missing. */
    public static ReferenceBackend open() {
        try {
            Nd4j.zeros(1).close();
            return new ReferenceBackend();
        } catch (LinkageError | RuntimeException e) {
            throw new DeviceUnavailableException(
                    "The reference backend needs ND4J, which cannot be loaded here: " + e.getMessage() + ".", e);
        }
    }

    private final ImageOps images = new ReferenceImages();

    private ReferenceBackend() {}

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public double unitRoundoff() {
        return 0x1p-53;
    }

    @Override
    public void close() {}

    @Override
    public ImageOps images() {
        return images;
    }

    // ---- memory -----------------------------------------------------------------------------------------------------

    @Override
    public Tensor zeros(ElementType type, Shape shape) {
        return switch (type) {
            case REAL -> Doubles.zeros(shape);
            case I32 -> HostTensors.Ints.zeros(shape);
            case U8 -> HostTensors.Bytes.zeros(shape);
        };
    }

    @Override
    public Tensor viewOfReals(Tensor tensor, Shape shape) {
        return Doubles.view(tensor, shape);
    }

    @Override
    public void write(Tensor to, int member, float[] values) {
        Preconditions.write(to, ElementType.REAL, values.length);
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        Doubles.of(to, member)
                .assign(Doubles.matrix(wide, to.shape().rows(), to.shape().columns()));
    }

    @Override
    public float[] floats(Tensor from, int member) {
        double[] wide = doubles(from, member);
        float[] values = new float[wide.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) wide[i];
        }
        return values;
    }

    @Override
    public double[] doubles(Tensor from, int member) {
        return Doubles.values(from, member);
    }

    @Override
    public void clear(Tensor tensor) {
        for (int r = 0; r < tensor.shape().members(); r++) {
            if (tensor.type() == ElementType.REAL) {
                Doubles.of(tensor, r).assign(0);
            } else {
                Arrays.fill(HostTensors.ints(tensor, r), 0);
            }
        }
    }

    // ---- data -------------------------------------------------------------------------------------------------------

    @Override
    public void lookUp(Tensor table, Tensor counter, Tensor out) {
        Preconditions.lookUp(table, counter, out);
        int columns = table.shape().columns();
        forMembers(out, r -> Doubles.of(table, r).getColumn(HostTensors.ints(counter, r)[0] % columns, true));
    }

    @Override
    public void batchIndices(Tensor keys, Tensor step, int examples, int batchSize, Tensor indices) {
        Preconditions.batchIndices(keys, step, examples, batchSize, indices);
        int stepsPerEpoch = (examples + batchSize - 1) / batchSize;
        for (int r = 0; r < indices.shape().members(); r++) {
            int[] key = HostTensors.ints(keys, r);
            int now = HostTensors.ints(step, r)[0];
            int[] out = HostTensors.ints(indices, r);
            for (int b = 0; b < out.length; b++) {
                int position = now % stepsPerEpoch * batchSize + b;
                out[b] = new Shuffle(key[0], key[1], now / stepsPerEpoch, examples).at(position);
            }
        }
    }

    @Override
    public void gather(Tensor data, Tensor indices, Tensor out) {
        Preconditions.gather(data, indices, out);
        byte[] bytes = HostTensors.bytes(data, 0);
        int features = out.shape().rows();
        for (int r = 0; r < out.shape().members(); r++) {
            int[] chosen = HostTensors.ints(indices, r);
            Doubles.of(out, r)
                    .assign(Matrices.fill(out.shape(), (f, b) -> (bytes[chosen[b] * features + f] & 0xFF) / 255.0));
        }
    }

    @Override
    public void gatherLabels(Tensor labels, Tensor indices, Tensor out) {
        Preconditions.gatherLabels(labels, indices, out);
        for (int r = 0; r < out.shape().members(); r++) {
            int[] chosen = HostTensors.ints(indices, r);
            Arrays.setAll(HostTensors.ints(out, r), b -> HostTensors.ints(labels, 0)[chosen[b]]);
        }
    }

    @Override
    public void gatherColumns(Tensor table, Tensor indices, Tensor out) {
        Preconditions.gatherColumns(table, indices, out);
        forMembers(out, r -> {
            int[] chosen = HostTensors.ints(indices, r);
            return Matrices.fill(out.shape(), (f, b) -> Doubles.of(table, r).getDouble(f, chosen[b]));
        });
    }

    // ---- linear maps ------------------------------------------------------------------------------------------------

    @Override
    public void linear(Tensor w, Tensor x, Tensor z) {
        Preconditions.linear("linear", w, x, z);
        forMembers(z, r -> Doubles.of(w, r).mmul(Doubles.of(x, r)));
    }

    @Override
    public void linearInputGradient(Tensor w, Tensor dz, Tensor dx) {
        Preconditions.linear("linearInputGradient", w, dx, dz);
        forMembers(dx, r -> Doubles.of(w, r).transpose().mmul(Doubles.of(dz, r)));
    }

    @Override
    public void linearWeightGradient(Tensor dz, Tensor x, Tensor dw) {
        Preconditions.linear("linearWeightGradient", dw, x, dz);
        forMembers(dw, r -> Doubles.of(dz, r).mmul(Doubles.of(x, r).transpose()));
    }

    @Override
    public void biasGradient(Tensor dz, Tensor db) {
        Preconditions.bias("biasGradient", dz, db);
        forMembers(db, r -> Doubles.of(dz, r).sum(true, 1));
    }

    @Override
    public void sparseLinear(SparsePattern pattern, Tensor values, Tensor x, Tensor z) {
        Preconditions.sparse("sparseLinear", pattern, values, x, z);
        forMembers(z, r -> Matrices.dense(pattern, values, r).mmul(Doubles.of(x, r)));
    }

    @Override
    public void sparseInputGradient(SparsePattern pattern, Tensor values, Tensor dz, Tensor dx) {
        Preconditions.sparse("sparseInputGradient", pattern, values, dx, dz);
        forMembers(dx, r -> Matrices.dense(pattern, values, r).transpose().mmul(Doubles.of(dz, r)));
    }

    @Override
    public void sparseWeightGradient(SparsePattern pattern, Tensor dz, Tensor x, Tensor dvalues) {
        Preconditions.sparse("sparseWeightGradient", pattern, dvalues, x, dz);
        sampled(pattern, dz, dvalues, r -> Doubles.of(x, r));
    }

    /** out = the entries of left right' where the pattern has weights. */
    private void sampled(SparsePattern pattern, Tensor left, Tensor out, IntFunction<INDArray> right) {
        forMembers(out, r -> {
            INDArray full = Doubles.of(left, r).mmul(right.apply(r).transpose());
            int weights = HostTensors.ints(pattern.rowStarts(), r)[pattern.outputs()];
            int[] positions = HostTensors.ints(pattern.positions(), r);
            int inputs = pattern.inputs();
            return Matrices.fill(
                    out.shape(),
                    (one, k) -> k < weights ? full.getDouble(positions[k] / inputs, positions[k] % inputs) : 0);
        });
    }

    @Override
    public void hashIndices(WeightHash hash, int[] buckets, Tensor index) {
        Preconditions.hashIndices(buckets, index);
        SharedNumbers.index(hash, buckets, index);
    }

    @Override
    public void expandBuckets(Tensor buckets, Tensor index, Tensor virtual) {
        Preconditions.buckets("expandBuckets", buckets, index, virtual);
        SharedNumbers.expand(buckets, index, virtual);
    }

    @Override
    public void reduceToBuckets(Tensor gradient, Tensor index, Tensor bucketGradient) {
        Preconditions.buckets("reduceToBuckets", bucketGradient, index, gradient);
        SharedNumbers.reduce(gradient, index, bucketGradient);
    }

    @Override
    public void lowRankLinear(int[] ranks, Tensor fixed, Tensor learned, Tensor x, Tensor hidden, Tensor z) {
        Preconditions.lowRank("lowRankLinear", ranks, fixed, learned, x, hidden, z);
        LowRankProducts.through(ranks, fixed, learned, x, hidden, z);
    }

    @Override
    public void lowRankInputGradient(int[] ranks, Tensor fixed, Tensor learned, Tensor dz, Tensor dhidden, Tensor dx) {
        Preconditions.lowRank("lowRankInputGradient", ranks, fixed, learned, dx, dhidden, dz);
        LowRankProducts.through(ranks, learned, fixed, dz, dhidden, dx);
    }

    @Override
    public void lowRankWeightGradient(int[] ranks, Tensor dz, Tensor hidden, Tensor dlearned) {
        Preconditions.lowRank("lowRankWeightGradient", ranks, dlearned, hidden, dz);
        LowRankProducts.weightGradient(ranks, dz, hidden, dlearned);
    }

    /** The same rule as on processors, so that a study takes the same course on both. */
    @Override
    public boolean prefersSparse(int outputs, int inputs, double density) {
        return SparseRule.prefersSparse(outputs, inputs, density);
    }

    // ---- activations ------------------------------------------------------------------------------------------------

    @Override
    public void activate(Tensor z, Tensor bias, Activation f, Dropout dropout) {
        Preconditions.bias("activate", z, bias);
        Preconditions.dropout("activate", z, dropout);
        forMembers(z, r -> {
            INDArray sum = Doubles.of(z, r).addColumnVector(Doubles.of(bias, r));
            INDArray a =
                    switch (f) {
                        case LINEAR -> sum;
                        case RELU -> Transforms.relu(sum);
                        case SIGMOID -> Transforms.sigmoid(sum);
                        case TANH -> Transforms.tanh(sum);
                    };
            return a.mul(Matrices.dropFactors(dropout, z.shape(), r));
        });
    }

    @Override
    public void activationGradient(Tensor a, Activation f, Dropout dropout, Tensor da) {
        Preconditions.sameReal("activationGradient", a, da);
        Preconditions.dropout("activationGradient", a, dropout);
        forMembers(da, r -> {
            double scale = dropout.isActive() ? Dropout.scale(Dropout.threshold(Doubles.scalar(dropout.rate(), r))) : 1;
            INDArray y = Doubles.of(a, r).div(scale);
            return Doubles.of(da, r).mul(firstDerivative(f, y)).mul(Matrices.dropFactors(dropout, a.shape(), r));
        });
    }

    /** f'(z) from y = f(z). */
    private static INDArray firstDerivative(Activation f, INDArray y) {
        return switch (f) {
            case LINEAR -> Nd4j.onesLike(y);
            case RELU -> Transforms.sign(y);
            case SIGMOID -> y.mul(y.rsub(1));
            case TANH -> y.mul(y).rsub(1);
        };
    }

    @Override
    public void dropout(Tensor x, Dropout dropout) {
        Preconditions.dropout("dropout", x, dropout);
        forMembers(x, r -> Doubles.of(x, r).mul(Matrices.dropFactors(dropout, x.shape(), r)));
    }

    // ---- losses -----------------------------------------------------------------------------------------------------

    @Override
    public void softmaxCrossEntropy(Tensor z, Tensor labels, Tensor dz, Tensor loss) {
        Preconditions.loss("softmaxCrossEntropy", z, labels, dz, loss);
        for (int r = 0; r < z.shape().members(); r++) {
            INDArray shifted = Doubles.of(z, r).subRowVector(Doubles.of(z, r).max(true, 0));
            INDArray exponentials = Transforms.exp(shifted);
            INDArray sums = exponentials.sum(true, 0);
            INDArray target = Matrices.oneHot(z.shape(), HostTensors.ints(labels, r));
            double value = Transforms.log(sums).sumNumber().doubleValue()
                    - shifted.mul(target).sumNumber().doubleValue();
            Doubles.of(loss, r).addi(value);
            Doubles.of(dz, r)
                    .assign(exponentials
                            .divRowVector(sums)
                            .sub(target)
                            .div(z.shape().columns()));
        }
    }

    @Override
    public void distill(
            Tensor z, Tensor labels, Tensor teacher, Tensor temperature, Tensor weight, Tensor dz, Tensor loss) {
        Preconditions.distill(z, labels, teacher, temperature, weight, dz, loss);
        for (int r = 0; r < z.shape().members(); r++) {
            double t = Doubles.scalar(temperature, r);
            double w = Doubles.scalar(weight, r);
            INDArray logits = Doubles.of(z, r);
            INDArray hard = logSoftmax(logits);
            INDArray soft = logSoftmax(logits.div(t));
            INDArray taught = logSoftmax(Doubles.of(teacher, r).div(t));
            INDArray target = Matrices.oneHot(z.shape(), HostTensors.ints(labels, r));
            INDArray q = Transforms.exp(taught);
            double value = -(1 - w) * hard.mul(target).sumNumber().doubleValue()
                    + w * t * t * q.mul(taught.sub(soft)).sumNumber().doubleValue();
            Doubles.of(loss, r).addi(value);
            Doubles.of(dz, r)
                    .assign(Transforms.exp(hard)
                            .sub(target)
                            .mul(1 - w)
                            .add(Transforms.exp(soft).sub(q).mul(w * t))
                            .div(z.shape().columns()));
        }
    }

    private static INDArray logSoftmax(INDArray logits) {
        INDArray shifted = logits.subRowVector(logits.max(true, 0));
        return shifted.subRowVector(Transforms.log(Transforms.exp(shifted).sum(true, 0)));
    }

    @Override
    public void halfSquaredError(Tensor a, Tensor labels, Tensor da, Tensor loss) {
        Preconditions.loss("halfSquaredError", a, labels, da, loss);
        for (int r = 0; r < a.shape().members(); r++) {
            INDArray difference = Doubles.of(a, r).sub(Matrices.oneHot(a.shape(), HostTensors.ints(labels, r)));
            Doubles.of(loss, r).addi(difference.mul(difference).sumNumber().doubleValue() / 2);
            Doubles.of(da, r).assign(difference.div(a.shape().columns()));
        }
    }

    @Override
    public void countErrors(Tensor a, Tensor labels, Tensor errors) {
        Preconditions.countErrors(a, labels, errors);
        int classes = a.shape().rows();
        for (int r = 0; r < a.shape().members(); r++) {
            INDArray outputs = Doubles.of(a, r);
            int[] wanted = HostTensors.ints(labels, r);
            for (int b = 0; b < wanted.length; b++) {
                int best = 0;
                boolean broken = false;
                for (int o = 0; o < classes; o++) {
                    broken |= Double.isNaN(outputs.getDouble(o, b));
                    best = outputs.getDouble(o, b) > outputs.getDouble(best, b) ? o : best;
                }
                HostTensors.ints(errors, r)[0] += broken || best != wanted[b] ? 1 : 0;
            }
        }
    }

    // ---- curvature --------------------------------------------------------------------------------------------------

    @Override
    public void linearInputCurvature(Tensor w, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        Preconditions.linearInputCurvature(w, dz, hz, dx, hx);
        forMembers(hx, r -> squared(w, r).transpose().mmul(Doubles.of(hz, r)));
        if (dz != null) {
            linearInputGradient(w, dz, dx);
        }
    }

    @Override
    public void linearWeightCurvature(Tensor dz, Tensor hz, Tensor x, Tensor dw, Tensor hw) {
        Preconditions.linearWeightCurvature(dz, hz, x, dw, hw);
        forMembers(hw, r -> Doubles.of(hz, r).mmul(squared(x, r).transpose()));
        if (dz != null) {
            linearWeightGradient(dz, x, dw);
        }
    }

    @Override
    public void sparseInputCurvature(SparsePattern pattern, Tensor values, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        Preconditions.sparseInputCurvature(pattern, values, dz, hz, dx, hx);
        forMembers(hx, r -> {
            INDArray w = Matrices.dense(pattern, values, r);
            return w.mul(w).transpose().mmul(Doubles.of(hz, r));
        });
        if (dz != null) {
            sparseInputGradient(pattern, values, dz, dx);
        }
    }

    @Override
    public void sparseWeightCurvature(
            SparsePattern pattern, Tensor dz, Tensor hz, Tensor x, Tensor dvalues, Tensor hvalues) {
        Preconditions.sparseWeightCurvature(pattern, dz, hz, x, dvalues, hvalues);
        sampled(pattern, hz, hvalues, r -> Doubles.of(x, r).mul(Doubles.of(x, r)));
        if (dz != null) {
            sparseWeightGradient(pattern, dz, x, dvalues);
        }
    }

    @Override
    public void activationCurvature(Tensor a, Activation f, Tensor da, Tensor ha) {
        Preconditions.activationCurvature(a, da, ha);
        forMembers(ha, r -> {
            INDArray y = Doubles.of(a, r);
            INDArray first = firstDerivative(f, y);
            INDArray second =
                    switch (f) {
                        case LINEAR, RELU -> Nd4j.zerosLike(y);
                        case SIGMOID -> first.mul(y.mul(-2).add(1));
                        case TANH -> first.mul(y).mul(-2);
                    };
            INDArray curvature = first.mul(first).mul(Doubles.of(ha, r));
            if (da == null) {
                return curvature;
            }
            INDArray gradient = Doubles.of(da, r);
            curvature.addi(second.mul(gradient));
            gradient.muli(first);
            return curvature;
        });
    }

    @Override
    public void softmaxCrossEntropyCurvature(Tensor z, Tensor h) {
        Preconditions.sameReal("softmaxCrossEntropyCurvature", z, h);
        forMembers(h, r -> {
            INDArray exponentials = Transforms.exp(
                    Doubles.of(z, r).subRowVector(Doubles.of(z, r).max(true, 0)));
            INDArray p = exponentials.divRowVector(exponentials.sum(true, 0));
            // 1 - p would lose all digits where p is all but 1.
            return Matrices.fill(
                    h.shape(),
                    (o, b) ->
                            p.getDouble(o, b) * sumOfOthers(p, o, b) / z.shape().columns());
        });
    }

    private static double sumOfOthers(INDArray p, int row, int column) {
        double sum = 0;
        for (int o = 0; o < p.rows(); o++) {
            sum += o == row ? 0 : p.getDouble(o, column);
        }
        return sum;
    }

    @Override
    public void halfSquaredErrorCurvature(Tensor h) {
        Preconditions.sameReal("halfSquaredErrorCurvature", h, h);
        forMembers(h, r -> Matrices.fill(h.shape(), (o, b) -> 1.0 / h.shape().columns()));
    }

    @Override
    public void square(Tensor x, double scale, Tensor out) {
        Preconditions.sameReal("square", x, out);
        forMembers(out, r -> squared(x, r).mul(scale));
    }

    private static INDArray squared(Tensor x, int member) {
        return Doubles.of(x, member).mul(Doubles.of(x, member));
    }

    // ---- optimiser --------------------------------------------------------------------------------------------------

    @Override
    public void sgd(Tensor w, Tensor g, Tensor v, SgdRates rates) {
        Preconditions.sgd("sgd", w, g, v, rates);
        for (int r = 0; r < w.shape().members(); r++) {
            INDArray weights = Doubles.of(w, r);
            INDArray gradient = Doubles.of(g, r)
                    .add(weights.mul(Doubles.scalar(rates.l2(), r)))
                    .add(Transforms.sign(weights).mul(Doubles.scalar(rates.l1(), r)));
            INDArray velocity =
                    Doubles.of(v, r).mul(Doubles.scalar(rates.momentum(), r)).add(gradient);
            Doubles.of(v, r).assign(velocity);
            weights.subi(velocity.mul(Doubles.scalar(rates.learningRate(), r)));
        }
    }

    @Override
    public void maskedSgd(Tensor w, Tensor g, Tensor v, Tensor mask, SgdRates rates) {
        Preconditions.sgd("maskedSgd", w, g, v, rates);
        Preconditions.mask("maskedSgd", w, mask);
        sgd(w, g, v, rates);
        applyMask(w, mask);
        applyMask(v, mask);
    }

    // ---- compression ------------------------------------------------------------------------------------------------

    @Override
    public void applyMask(Tensor x, Tensor mask) {
        Preconditions.mask("applyMask", x, mask);
        int columns = x.shape().columns();
        forMembers(x, r -> {
            INDArray values = Doubles.of(x, r);
            byte[] alive = HostTensors.bytes(mask, r);
            return Matrices.fill(x.shape(), (i, j) -> alive[i * columns + j] == 0 ? 0 : values.getDouble(i, j));
        });
    }

    @Override
    public void magnitude(Tensor w, Tensor out) {
        Preconditions.sameReal("magnitude", w, out);
        forMembers(out, r -> Transforms.abs(Doubles.of(w, r)));
    }

    @Override
    public void uniform(Tensor keys, Tensor step, int stream, Tensor positions, Tensor out) {
        Preconditions.uniform(keys, step, positions, out);
        int columns = out.shape().columns();
        forMembers(out, r -> {
            int[] key = HostTensors.ints(keys, r);
            int now = HostTensors.ints(step, r)[0];
            int[] index = HostTensors.ints(positions, r);
            return Matrices.fill(
                    out.shape(),
                    (i, j) -> Philox.unitFloat(Philox.word(key[0], key[1], index[i * columns + j], now, stream)));
        });
    }

    @Override
    public void pruneLowest(List<Tensor> saliencies, List<Tensor> masks, int[] keep) {
        Preconditions.pruneLowest(saliencies, masks, keep);
        RankedPruning.prune(saliencies, masks, keep);
    }

    // ---- plumbing ---------------------------------------------------------------------------------------------------

    private static void forMembers(Tensor out, IntFunction<INDArray> value) {
        for (int r = 0; r < out.shape().members(); r++) {
            Doubles.of(out, r).assign(value.apply(r));
        }
    }
}
