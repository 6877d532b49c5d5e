package io.espalier.backend.cpu;

import io.espalier.backend.Activation;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.HostBackend;
import io.espalier.backend.HostTensors;
import io.espalier.backend.ImageOps;
import io.espalier.backend.ImagePreconditions;
import io.espalier.backend.Preconditions;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.SparseRule;
import io.espalier.backend.Tensor;
import io.espalier.backend.WeightHash;
import io.espalier.backend.Window;
import java.util.Arrays;
import java.util.List;

/** The fast backend for processors. Not thread-safe: one instance a worker. */
public final class CpuBackend implements HostBackend {
    private final Gemm gemm;
    private final SparseProducts sparseProducts = new SparseProducts();
    private final SampledProduct sampledProduct = new SampledProduct();
    private final CurvatureProducts curvatureProducts;
    private final ActivationCurvature activationCurvature = new ActivationCurvature();
    private final SoftmaxCurvature softmaxCurvature = new SoftmaxCurvature();
    private final HashIndices hashIndices = new HashIndices();
    private final SharedNumbers sharedNumbers;
    private final LowRankProducts lowRankProducts = new LowRankProducts();
    private final Activations activations;
    private final Gather gather = new Gather();
    private final SoftmaxCrossEntropy softmaxCrossEntropy = new SoftmaxCrossEntropy();
    private final Distillation distillation = new Distillation();
    private final HalfSquaredError halfSquaredError = new HalfSquaredError();
    private final CountErrors countErrors = new CountErrors();
    private final Sgd sgd = new Sgd();
    private final Elementwise elementwise;
    private final Patches patches = new Patches();
    private final Convolutions convolutions;
    private final ImageOps images;
    private final PruneLowest pruneLowest = new PruneLowest();

    private final Cores cores;
    private boolean isClosed;

    /** On one core. */
    public CpuBackend() {
        this(new Cores(1));
    }

    /** On one of several cores, and with the help of those that have nothing to do. */
    public CpuBackend(Cores cores) {
        this.cores = cores;
        gemm = new Gemm(cores);
        curvatureProducts = new CurvatureProducts(gemm, sparseProducts, sampledProduct);
        sharedNumbers = new SharedNumbers(gemm);
        activations = new Activations(cores);
        elementwise = new Elementwise(cores);
        convolutions = new Convolutions(cores);
        images = new CpuImages(elementwise, patches, cores);
        cores.enter();
    }

    /** What it runs on here, for people. */
    public static String describe() {
        return Lanes.WIDTH + " float lanes, " + OpenBlas.description();
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public double unitRoundoff() {
        return 0x1p-24;
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            cores.leave();
        }
    }

    @Override
    public Pause pause() {
        cores.leave();
        return cores::enter;
    }

    @Override
    public Tensor zeros(ElementType type, Shape shape) {
        return switch (type) {
            case REAL -> Reals.zeros(shape);
            case I32 -> HostTensors.Ints.zeros(shape);
            case U8 -> HostTensors.Bytes.zeros(shape);
        };
    }

    @Override
    public Tensor viewOfReals(Tensor tensor, Shape shape) {
        return Reals.view(tensor, shape);
    }

    @Override
    public void write(Tensor to, int member, float[] values) {
        Preconditions.write(to, ElementType.REAL, values.length);
        System.arraycopy(values, 0, Reals.of(to, member), 0, values.length);
    }

    @Override
    public float[] floats(Tensor from, int member) {
        return Reals.of(from, member).clone();
    }

    @Override
    public double[] doubles(Tensor from, int member) {
        float[] values = Reals.of(from, member);
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }

    @Override
    public void clear(Tensor tensor) {
        for (int r = 0; r < tensor.shape().members(); r++) {
            if (tensor.type() == ElementType.REAL) {
                Arrays.fill(Reals.of(tensor, r), 0f);
            } else {
                Arrays.fill(HostTensors.ints(tensor, r), 0);
            }
        }
    }

    @Override
    public void lookUp(Tensor table, Tensor counter, Tensor out) {
        Preconditions.lookUp(table, counter, out);
        for (int r = 0; r < out.shape().members(); r++) {
            Reals.of(out, r)[0] = Reals.of(table, r)[
                    HostTensors.ints(counter, r)[0] % table.shape().columns()];
        }
    }

    @Override
    public void batchIndices(Tensor keys, Tensor step, int examples, int batchSize, Tensor indices) {
        Preconditions.batchIndices(keys, step, examples, batchSize, indices);
        gather.batchIndices(keys, step, examples, batchSize, indices);
    }

    @Override
    public void gather(Tensor data, Tensor indices, Tensor out) {
        Preconditions.gather(data, indices, out);
        gather.examples(data, indices, out);
    }

    @Override
    public void gatherLabels(Tensor labels, Tensor indices, Tensor out) {
        Preconditions.gatherLabels(labels, indices, out);
        gather.labels(labels, indices, out);
    }

    @Override
    public void gatherColumns(Tensor table, Tensor indices, Tensor out) {
        Preconditions.gatherColumns(table, indices, out);
        gather.columns(table, indices, out);
    }

    @Override
    public void linear(Tensor w, Tensor x, Tensor z) {
        Preconditions.linear("linear", w, x, z);
        gemm.forward(w, x, z);
    }

    @Override
    public void linearInputGradient(Tensor w, Tensor dz, Tensor dx) {
        Preconditions.linear("linearInputGradient", w, dx, dz);
        gemm.inputGradient(w, dz, dx);
    }

    @Override
    public void linearWeightGradient(Tensor dz, Tensor x, Tensor dw) {
        Preconditions.linear("linearWeightGradient", dw, x, dz);
        gemm.weightGradient(dz, x, dw);
    }

    @Override
    public void convolution(Tensor w, Tensor x, Window window, Tensor patches, Tensor z) {
        ImagePreconditions.patches("convolution", x, window, patches);
        Preconditions.linear("convolution", w, patches, z);
        if (Convolutions.pays(window, x.shape().columns())) {
            convolutions.forward(w, x, window, z);
        } else {
            HostBackend.super.convolution(w, x, window, patches, z);
        }
    }

    @Override
    public void convolutionInputGradient(Tensor w, Tensor dz, Window window, Tensor patches, Tensor dx) {
        ImagePreconditions.patches("convolutionInputGradient", dx, window, patches);
        Preconditions.linear("convolutionInputGradient", w, patches, dz);
        if (Convolutions.pays(window, dx.shape().columns())) {
            convolutions.inputGradient(w, dz, window, dx);
        } else {
            HostBackend.super.convolutionInputGradient(w, dz, window, patches, dx);
        }
    }

    @Override
    public void convolutionWeightGradient(Tensor dz, Tensor x, Window window, Tensor patches, Tensor dw) {
        ImagePreconditions.patches("convolutionWeightGradient", x, window, patches);
        Preconditions.linear("convolutionWeightGradient", dw, patches, dz);
        if (Convolutions.pays(window, x.shape().columns())) {
            convolutions.weightGradient(dz, x, window, dw);
        } else {
            HostBackend.super.convolutionWeightGradient(dz, x, window, patches, dw);
        }
    }

    @Override
    public void sparseConvolution(
            SparsePattern pattern, Tensor values, Tensor x, Window window, Tensor patches, Tensor z) {
        ImagePreconditions.patches("sparseConvolution", x, window, patches);
        Preconditions.sparse("sparseConvolution", pattern, values, patches, z);
        if (SparseConvolutions.pays(window, x.shape().columns())) {
            SparseConvolutions.forward(pattern, values, x, window, patches, z);
        } else {
            HostBackend.super.sparseConvolution(pattern, values, x, window, patches, z);
        }
    }

    @Override
    public void sparseConvolutionInputGradient(
            SparsePattern pattern, Tensor values, Tensor dz, Window window, Tensor patches, Tensor dx) {
        ImagePreconditions.patches("sparseConvolutionInputGradient", dx, window, patches);
        Preconditions.sparse("sparseConvolutionInputGradient", pattern, values, patches, dz);
        if (SparseConvolutions.pays(window, dx.shape().columns())) {
            SparseConvolutions.inputGradient(pattern, values, dz, window, patches, dx);
        } else {
            HostBackend.super.sparseConvolutionInputGradient(pattern, values, dz, window, patches, dx);
        }
    }

    @Override
    public void sparseLinear(SparsePattern pattern, Tensor values, Tensor x, Tensor z) {
        Preconditions.sparse("sparseLinear", pattern, values, x, z);
        sparseProducts.forward(pattern, values, x, z);
    }

    @Override
    public void sparseInputGradient(SparsePattern pattern, Tensor values, Tensor dz, Tensor dx) {
        Preconditions.sparse("sparseInputGradient", pattern, values, dx, dz);
        sparseProducts.inputGradient(pattern, values, dz, dx);
    }

    @Override
    public void sparseWeightGradient(SparsePattern pattern, Tensor dz, Tensor x, Tensor dvalues) {
        Preconditions.sparse("sparseWeightGradient", pattern, dvalues, x, dz);
        sampledProduct.weightGradient(pattern, dz, x, dvalues);
    }

    @Override
    public void hashIndices(WeightHash hash, int[] buckets, Tensor index) {
        Preconditions.hashIndices(buckets, index);
        hashIndices.apply(hash, buckets, index);
    }

    @Override
    public void expandBuckets(Tensor buckets, Tensor index, Tensor virtual) {
        Preconditions.buckets("expandBuckets", buckets, index, virtual);
        sharedNumbers.expand(buckets, index, virtual);
    }

    @Override
    public void hashedLinear(Tensor buckets, Tensor index, Tensor x, Tensor virtual, Tensor z) {
        Preconditions.buckets("hashedLinear", buckets, index, virtual);
        Preconditions.linear("hashedLinear", virtual, x, z);
        sharedNumbers.linear(buckets, index, x, virtual, z);
    }

    @Override
    public void reduceToBuckets(Tensor gradient, Tensor index, Tensor bucketGradient) {
        Preconditions.buckets("reduceToBuckets", bucketGradient, index, gradient);
        sharedNumbers.reduce(gradient, index, bucketGradient);
    }

    @Override
    public void lowRankLinear(int[] ranks, Tensor fixed, Tensor learned, Tensor x, Tensor hidden, Tensor z) {
        Preconditions.lowRank("lowRankLinear", ranks, fixed, learned, x, hidden, z);
        lowRankProducts.forward(ranks, fixed, learned, x, hidden, z);
    }

    @Override
    public void lowRankInputGradient(int[] ranks, Tensor fixed, Tensor learned, Tensor dz, Tensor dhidden, Tensor dx) {
        Preconditions.lowRank("lowRankInputGradient", ranks, fixed, learned, dx, dhidden, dz);
        lowRankProducts.inputGradient(ranks, fixed, learned, dz, dhidden, dx);
    }

    @Override
    public void lowRankWeightGradient(int[] ranks, Tensor dz, Tensor hidden, Tensor dlearned) {
        Preconditions.lowRank("lowRankWeightGradient", ranks, dlearned, hidden, dz);
        lowRankProducts.weightGradient(ranks, dz, hidden, dlearned);
    }

    @Override
    public boolean prefersSparse(int outputs, int inputs, double density) {
        return SparseRule.prefersSparse(outputs, inputs, density);
    }

    @Override
    public void biasGradient(Tensor dz, Tensor db) {
        Preconditions.bias("biasGradient", dz, db);
        elementwise.rowSums(dz, db);
    }

    @Override
    public void activate(Tensor z, Tensor bias, Activation f, Dropout dropout) {
        Preconditions.bias("activate", z, bias);
        Preconditions.dropout("activate", z, dropout);
        activations.forward(z, bias, f, dropout);
    }

    @Override
    public void activationGradient(Tensor a, Activation f, Dropout dropout, Tensor da) {
        Preconditions.sameReal("activationGradient", a, da);
        Preconditions.dropout("activationGradient", a, dropout);
        activations.backward(a, f, dropout, da);
    }

    @Override
    public void dropout(Tensor x, Dropout dropout) {
        Preconditions.dropout("dropout", x, dropout);
        activations.drop(x, dropout);
    }

    @Override
    public void softmaxCrossEntropy(Tensor z, Tensor labels, Tensor dz, Tensor loss) {
        Preconditions.loss("softmaxCrossEntropy", z, labels, dz, loss);
        softmaxCrossEntropy.apply(z, labels, dz, loss);
    }

    @Override
    public void distill(
            Tensor z, Tensor labels, Tensor teacher, Tensor temperature, Tensor weight, Tensor dz, Tensor loss) {
        Preconditions.distill(z, labels, teacher, temperature, weight, dz, loss);
        distillation.apply(z, labels, teacher, temperature, weight, dz, loss);
    }

    @Override
    public void halfSquaredError(Tensor a, Tensor labels, Tensor da, Tensor loss) {
        Preconditions.loss("halfSquaredError", a, labels, da, loss);
        halfSquaredError.apply(a, labels, da, loss);
    }

    @Override
    public void countErrors(Tensor a, Tensor labels, Tensor errors) {
        Preconditions.countErrors(a, labels, errors);
        countErrors.apply(a, labels, errors);
    }

    @Override
    public void linearInputCurvature(Tensor w, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        Preconditions.linearInputCurvature(w, dz, hz, dx, hx);
        curvatureProducts.input(w, dz, hz, dx, hx);
    }

    @Override
    public void linearWeightCurvature(Tensor dz, Tensor hz, Tensor x, Tensor dw, Tensor hw) {
        Preconditions.linearWeightCurvature(dz, hz, x, dw, hw);
        curvatureProducts.weight(dz, hz, x, dw, hw);
    }

    @Override
    public void sparseInputCurvature(SparsePattern pattern, Tensor values, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        Preconditions.sparseInputCurvature(pattern, values, dz, hz, dx, hx);
        curvatureProducts.sparseInput(pattern, values, dz, hz, dx, hx);
    }

    @Override
    public void sparseWeightCurvature(
            SparsePattern pattern, Tensor dz, Tensor hz, Tensor x, Tensor dvalues, Tensor hvalues) {
        Preconditions.sparseWeightCurvature(pattern, dz, hz, x, dvalues, hvalues);
        curvatureProducts.sparseWeight(pattern, dz, hz, x, dvalues, hvalues);
    }

    @Override
    public void activationCurvature(Tensor a, Activation f, Tensor da, Tensor ha) {
        Preconditions.activationCurvature(a, da, ha);
        activationCurvature.apply(a, f, da, ha);
    }

    @Override
    public void softmaxCrossEntropyCurvature(Tensor z, Tensor h) {
        Preconditions.sameReal("softmaxCrossEntropyCurvature", z, h);
        softmaxCurvature.apply(z, h);
    }

    @Override
    public void halfSquaredErrorCurvature(Tensor h) {
        Preconditions.sameReal("halfSquaredErrorCurvature", h, h);
        for (int r = 0; r < h.shape().members(); r++) {
            Arrays.fill(Reals.of(h, r), 1f / h.shape().columns());
        }
    }

    @Override
    public ImageOps images() {
        return images;
    }

    @Override
    public void square(Tensor x, double scale, Tensor out) {
        Preconditions.sameReal("square", x, out);
        curvatureProducts.square(x, (float) scale, out);
    }

    @Override
    public void sgd(Tensor w, Tensor g, Tensor v, SgdRates rates) {
        Preconditions.sgd("sgd", w, g, v, rates);
        sgd.apply(w, g, v, null, rates);
    }

    @Override
    public void maskedSgd(Tensor w, Tensor g, Tensor v, Tensor mask, SgdRates rates) {
        Preconditions.sgd("maskedSgd", w, g, v, rates);
        Preconditions.mask("maskedSgd", w, mask);
        sgd.apply(w, g, v, mask, rates);
    }

    @Override
    public void applyMask(Tensor x, Tensor mask) {
        Preconditions.mask("applyMask", x, mask);
        elementwise.applyMask(x, mask);
    }

    @Override
    public void magnitude(Tensor w, Tensor out) {
        Preconditions.sameReal("magnitude", w, out);
        elementwise.magnitude(w, out);
    }

    @Override
    public void uniform(Tensor keys, Tensor step, int stream, Tensor positions, Tensor out) {
        Preconditions.uniform(keys, step, positions, out);
        elementwise.uniform(keys, step, stream, positions, out);
    }

    @Override
    public void pruneLowest(List<Tensor> saliencies, List<Tensor> masks, int[] keep) {
        Preconditions.pruneLowest(saliencies, masks, keep);
        pruneLowest.apply(saliencies, masks, keep);
    }
}
