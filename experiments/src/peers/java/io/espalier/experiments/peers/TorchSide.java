package io.espalier.experiments.peers;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.rand;
import static org.bytedeco.pytorch.global.torch.randint;
import static org.bytedeco.pytorch.global.torch.randperm;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.espalier.bench.TrainingProblem;
import io.espalier.network.Features;
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
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** libtorch's step: its own layers, loss, autograd and SGD, batches selected from resident floats, one thread. */
final class TorchSide implements Side {
    private final TrainingProblem problem;
    private final NetworkSpec network;
    private final boolean channelsLast;
    private final Tensor examples;
    private final Tensor labels;
    private final List<Layer> layers;
    private final SGD optimizer;
    private Tensor order;
    private int position;

    /** A linear or a convolution layer; either has weights and biases. */
    private record Layer(LinearImpl linear, Conv2dImpl convolution) {
        Tensor weight() {
            return linear == null ? convolution.weight() : linear.weight();
        }

        Tensor bias() {
            return linear == null ? convolution.bias() : linear.bias();
        }
    }

    /** @param channelsLast the memory format of images that its convolutions may prefer */
    TorchSide(TrainingProblem problem, boolean channelsLast) {
        this.problem = problem;
        this.network = problem.network();
        this.channelsLast = channelsLast;
        set_num_threads(1);
        layers = layers();
        optimizer = optimizer(layers, 1e-3, TrainingProblem.MOMENTUM);
        examples = images(rand(TrainingProblem.EXAMPLES, network.inputs()));
        labels = randint(0, network.outputs(), new long[] {TrainingProblem.EXAMPLES})
                .to(ScalarType.Long);
        order = randperm(TrainingProblem.EXAMPLES);
    }

    /** Examples as its first layer wants them. */
    private Tensor images(Tensor rows) {
        Features input = network.input();
        if (input.places() == 1) {
            return rows;
        }
        Tensor images = rows.reshape(rows.size(0), input.channels(), input.height(), input.width());
        return channelsLast ? images.contiguous(MemoryFormat.ChannelsLast) : images;
    }

    private List<Layer> layers() {
        List<Layer> made = new ArrayList<>();
        for (int l = 0; l < network.layers(); l++) {
            Integer[] shape = network.weightShape(l);
            made.add(
                    shape.length == 2
                            ? new Layer(new LinearImpl(shape[1], shape[0]), null)
                            : new Layer(
                                    null,
                                    new Conv2dImpl(new Conv2dOptions(
                                            shape[1], shape[0], new LongPointer(shape[2], shape[3])))));
        }
        return made;
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

    /** As the two networks have it: convolutions are followed by a maximum over 2 x 2, all but the last layer by relu. */
    private static Tensor loss(List<Layer> layers, Tensor x, Tensor y) {
        Tensor a = x;
        for (int l = 0; l < layers.size(); l++) {
            Layer layer = layers.get(l);
            if (layer.convolution != null) {
                a = max_pool2d(relu(layer.convolution.forward(a)), 2);
                continue;
            }
            Tensor z = layer.linear.forward(a.flatten(1, -1));
            a = l == layers.size() - 1 ? z : relu(z);
        }
        return cross_entropy_loss(a, y);
    }

    @Override
    public void train(int steps) {
        for (int i = 0; i < steps; i++) {
            try (PointerScope scope = new PointerScope()) {
                if (position + TrainingProblem.BATCH > TrainingProblem.EXAMPLES) {
                    position = 0;
                }
                Tensor chosen = order.narrow(0, position, TrainingProblem.BATCH);
                position += TrainingProblem.BATCH;
                optimizer.zero_grad();
                loss(layers, examples.index_select(0, chosen), labels.index_select(0, chosen))
                        .backward();
                optimizer.step();
            }
        }
    }

    @Override
    public double[] losses() {
        List<Layer> checked = layers();
        int features = network.inputs();
        float[] inputs = new float[TrainingProblem.BATCH * features];
        long[] wanted = new long[TrainingProblem.BATCH];
        for (int b = 0; b < TrainingProblem.BATCH; b++) {
            wanted[b] = problem.label(b);
            for (int f = 0; f < features; f++) {
                inputs[b * features + f] = TrainingProblem.input(b, f);
            }
        }
        try (NoGradGuard guard = new NoGradGuard()) {
            for (int l = 0; l < checked.size(); l++) {
                Tensor weight = checked.get(l).weight();
                weight.copy_(Tensor.create(problem.weights(l)).reshape(weight.sizes()));
                checked.get(l).bias().zero_();
            }
        }
        Tensor x = images(Tensor.create(inputs).reshape(TrainingProblem.BATCH, features));
        Tensor y = Tensor.create(wanted);
        SGD once = optimizer(checked, TrainingProblem.RATE, 0);
        Tensor before = loss(checked, x, y);
        before.backward();
        once.step();
        return new double[] {before.item_double(), loss(checked, x, y).item_double()};
    }
}
