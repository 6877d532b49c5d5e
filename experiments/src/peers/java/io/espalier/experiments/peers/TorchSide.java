package io.espalier.experiments.peers;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.rand;
import static org.bytedeco.pytorch.global.torch.randint;
import static org.bytedeco.pytorch.global.torch.randperm;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.espalier.bench.TrainingProblem;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** libtorch's step: its own layers, loss, autograd and SGD, batches selected from resident floats, one thread. */
final class TorchSide implements Side {
    private static final List<Integer> SIZES = TrainingProblem.sizes();
    private static final int LAYERS = SIZES.size() - 1;

    private final Tensor examples;
    private final Tensor labels;
    private final LinearImpl[] layers = layers();
    private final SGD optimizer = optimizer(layers, 1e-3, TrainingProblem.MOMENTUM);
    private Tensor order;
    private int position;

    TorchSide() {
        set_num_threads(1);
        examples = rand(TrainingProblem.EXAMPLES, SIZES.get(0));
        labels = randint(0, SIZES.get(LAYERS), new long[] {TrainingProblem.EXAMPLES})
                .to(ScalarType.Long);
        order = randperm(TrainingProblem.EXAMPLES);
    }

    private static LinearImpl[] layers() {
        LinearImpl[] layers = new LinearImpl[LAYERS];
        for (int l = 0; l < LAYERS; l++) {
            layers[l] = new LinearImpl(SIZES.get(l), SIZES.get(l + 1));
        }
        return layers;
    }

    private static SGD optimizer(LinearImpl[] layers, double rate, double momentum) {
        TensorVector parameters = new TensorVector();
        for (LinearImpl layer : layers) {
            parameters.push_back(layer.weight());
            parameters.push_back(layer.bias());
        }
        SGDOptions options = new SGDOptions(rate);
        options.momentum().put(momentum);
        return new SGD(parameters, options);
    }

    private static Tensor loss(LinearImpl[] layers, Tensor x, Tensor y) {
        Tensor a = x;
        for (int l = 0; l < LAYERS; l++) {
            Tensor z = layers[l].forward(a);
            a = l == LAYERS - 1 ? z : relu(z);
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
        LinearImpl[] checked = layers();
        float[] inputs = new float[TrainingProblem.BATCH * SIZES.get(0)];
        long[] wanted = new long[TrainingProblem.BATCH];
        for (int b = 0; b < TrainingProblem.BATCH; b++) {
            wanted[b] = TrainingProblem.label(b);
            for (int f = 0; f < SIZES.get(0); f++) {
                inputs[b * SIZES.get(0) + f] = TrainingProblem.input(b, f);
            }
        }
        try (NoGradGuard guard = new NoGradGuard()) {
            for (int l = 0; l < LAYERS; l++) {
                checked[l]
                        .weight()
                        .copy_(Tensor.create(TrainingProblem.weights(l)).reshape(SIZES.get(l + 1), SIZES.get(l)));
                checked[l].bias().zero_();
            }
        }
        Tensor x = Tensor.create(inputs).reshape(TrainingProblem.BATCH, SIZES.get(0));
        Tensor y = Tensor.create(wanted);
        SGD once = optimizer(checked, TrainingProblem.RATE, 0);
        Tensor before = loss(checked, x, y);
        before.backward();
        once.step();
        return new double[] {before.item_double(), loss(checked, x, y).item_double()};
    }
}
