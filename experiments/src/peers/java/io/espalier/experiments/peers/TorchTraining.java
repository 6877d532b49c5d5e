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

    /** Weights and biases, and how an input goes through them. */
    private interface Layer {
        Tensor weight();

        Tensor bias();

        Tensor forward(Tensor x);

        /** After an update. */
        default void mask() {}
    }

    private record Linear(LinearImpl map, Tensor zeros) implements Layer {
        @Override
        public Tensor weight() {
            return map.weight();
        }

        @Override
        public Tensor bias() {
            return map.bias();
        }

        @Override
        public Tensor forward(Tensor x) {
            return map.forward(x.flatten(1, -1));
        }

        @Override
        public void mask() {
            if (zeros != null) {
                map.weight().mul_(zeros);
            }
        }
    }

    private record Convolution(Conv2dImpl map, Tensor zeros) implements Layer {
        @Override
        public Tensor weight() {
            return map.weight();
        }

        @Override
        public Tensor bias() {
            return map.bias();
        }

        @Override
        public Tensor forward(Tensor x) {
            return max_pool2d(relu(map.forward(x)), 2);
        }

        @Override
        public void mask() {
            if (zeros != null) {
                map.weight().mul_(zeros);
            }
        }
    }

    private record Hashed(Tensor weight, Tensor bias, Tensor places, Tensor signs) implements Layer {
        @Override
        public Tensor forward(Tensor x) {
            Tensor virtual = weight.index_select(0, places).mul(signs).view(bias.size(0), x.size(1));
            return linear(x, virtual, new TensorOptional(bias));
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
                made.add(new Linear(new LinearImpl(shape[1], shape[0]), zeros(l, shape[0], shape[1])));
            } else {
                Conv2dImpl map =
                        new Conv2dImpl(new Conv2dOptions(shape[1], shape[0], new LongPointer(shape[2], shape[3])));
                made.add(new Convolution(map, zeros(l, shape[0], shape[1], shape[2], shape[3])));
            }
        }
        return made;
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

    private Hashed hashed(int layer) {
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
        return new Hashed(weight, bias, Tensor.create(places), Tensor.create(signs));
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
        for (int l = 0; l < layers.size(); l++) {
            Layer layer = layers.get(l);
            Tensor z = layer.forward(a);
            a = layer instanceof Convolution || l == layers.size() - 1 ? z : relu(z);
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
