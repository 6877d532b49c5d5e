package io.espalier.experiments.peers;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.relu;

import io.espalier.backend.WeightHash;
import io.espalier.bench.Load;
import io.espalier.bench.TrainingProblem;
import io.espalier.network.NetworkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;

/**
 * libtorch's step: its own layers, loss, autograd and SGD. Under a mask the dense step, after which what is masked is zero again: the
 * cheapest of the ways that give the same weights. Hashed: weights gathered out of the numbers by index and multiplied by their signs, whose
 * gradient libtorch adds back by index.
 */
final class TorchTraining implements TorchSteps {
    private static final double LEARNING_RATE = 1e-3;
    private static final double MOMENTUM = 0.9;

    private final TrainingProblem problem;
    private final NetworkSpec network;
    private final TorchExamples examples;
    private final List<Layer> layers;
    private final SGD optimizer;

    /**
     * Weights and biases, and how an input goes through them.
     *
     * @param zeros what the weights are multiplied by after an update; null where nothing is masked
     */
    private record Layer(Tensor weight, Tensor bias, UnaryOperator<Tensor> way, Tensor zeros) {
        void mask() {
            if (zeros != null) {
                weight.mul_(zeros);
            }
        }
    }

    /** @param channelsLast the memory format of images */
    TorchTraining(TrainingProblem problem, boolean channelsLast) {
        this.problem = problem;
        this.network = problem.network();
        examples = new TorchExamples(problem, channelsLast);
        layers = layers();
        optimizer = optimizer(layers, LEARNING_RATE, MOMENTUM);
        mask(layers);
    }

    private List<Layer> layers() {
        List<Layer> made = new ArrayList<>();
        for (int l = 0; l < network.layers(); l++) {
            Integer[] shape = network.weightShape(l);
            if (problem.load() instanceof Load.Hashed) {
                made.add(hashed(l));
            } else if (shape.length == 2) {
                LinearImpl map = new LinearImpl(shape[1], shape[0]);
                UnaryOperator<Tensor> way = activated(l, x -> map.forward(x.flatten(1, -1)));
                made.add(new Layer(map.weight(), map.bias(), way, zeros(l, shape[0], shape[1])));
            } else {
                Conv2dImpl map =
                        new Conv2dImpl(new Conv2dOptions(shape[1], shape[0], new LongPointer(shape[2], shape[3])));
                UnaryOperator<Tensor> rectified = activated(l, map::forward);
                made.add(new Layer(
                        map.weight(),
                        map.bias(),
                        x -> max_pool2d(rectified.apply(x), 2),
                        zeros(l, shape[0], shape[1], shape[2], shape[3])));
            }
        }
        return made;
    }

    /** With a rectifier behind it, but for the last. */
    private UnaryOperator<Tensor> activated(int layer, UnaryOperator<Tensor> map) {
        return layer == network.layers() - 1 ? map : x -> relu(map.apply(x));
    }

    /** Ones and zeros; null where nothing is masked. */
    private Tensor zeros(int layer, long... shape) {
        if (!(problem.load() instanceof Load.Masked)) {
            return null;
        }
        byte[] mask = problem.mask(layer);
        float[] zeros = new float[mask.length];
        for (int i = 0; i < mask.length; i++) {
            zeros[i] = mask[i];
        }
        return Tensor.create(zeros).reshape(shape);
    }

    private Layer hashed(int layer) {
        int outputs = network.outputs(layer);
        int inputs = network.inputs(layer);
        float[] numbers = problem.weights(layer);
        WeightHash hash =
                new WeightHash(WeightHash.Mode.NATIVE, WeightHash.PUBLISHED_SEED, layer, WeightHash.Part.WEIGHTS);
        long[] places = new long[outputs * inputs];
        float[] signs = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            int entry = hash.entry(i / inputs, i % inputs, numbers.length);
            places[i] = entry >> 1;
            signs[i] = 1 - 2 * (entry & 1);
        }
        Tensor weight = Tensor.create(numbers).set_requires_grad(true);
        Tensor bias = Tensor.create(new float[outputs]).set_requires_grad(true);
        Tensor chosen = Tensor.create(places);
        Tensor signed = Tensor.create(signs);
        UnaryOperator<Tensor> way = x ->
                linear(x, weight.index_select(0, chosen).mul(signed).view(outputs, inputs), new TensorOptional(bias));
        return new Layer(weight, bias, activated(layer, way), null);
    }

    private static SGD optimizer(List<Layer> layers, double rate, double momentum) {
        TensorVector parameters = new TensorVector();
        for (Layer layer : layers) {
            parameters.push_back(layer.weight());
            parameters.push_back(layer.bias());
        }
        SGDOptions options = new SGDOptions(rate);
        options.momentum().put(momentum);
        return new SGD(parameters, options);
    }

    private static void mask(List<Layer> layers) {
        try (NoGradGuard guard = new NoGradGuard()) {
            layers.forEach(Layer::mask);
        }
    }

    private static Tensor loss(List<Layer> layers, Tensor x, Tensor y) {
        Tensor a = x;
        for (Layer layer : layers) {
            a = layer.way().apply(a);
        }
        return cross_entropy_loss(a, y);
    }

    @Override
    public void run(int steps) {
        for (int i = 0; i < steps; i++) {
            try (PointerScope scope = new PointerScope()) {
                examples.advance();
                optimizer.zero_grad();
                loss(layers, examples.inputs(), examples.labels()).backward();
                optimizer.step();
                mask(layers);
            }
        }
    }

    @Override
    public double[] answers() {
        List<Layer> checked = layers();
        try (NoGradGuard guard = new NoGradGuard()) {
            for (int l = 0; l < checked.size(); l++) {
                Tensor weight = checked.get(l).weight();
                weight.copy_(Tensor.create(problem.weights(l)).reshape(weight.sizes()));
                checked.get(l).bias().zero_();
            }
        }
        mask(checked);
        SGD once = optimizer(checked, TrainingProblem.RATE, 0);
        Tensor x = examples.problemInputs();
        Tensor y = examples.problemLabels();
        Tensor before = loss(checked, x, y);
        before.backward();
        once.step();
        mask(checked);
        return new double[] {before.item_double(), loss(checked, x, y).item_double()};
    }
}
