package io.espalier.experiments.peers;

import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.manual_seed;
import static org.bytedeco.pytorch.global.torch.randperm;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.espalier.bench.Contestant;
import io.espalier.bench.StudyBench;
import io.espalier.bench.TrainingProblem;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataStore;
import io.espalier.data.Dataset;
import io.espalier.data.Examples;
import io.espalier.network.NamedNetwork;
import io.espalier.network.NetworkSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** The study of {@link StudyBench} in libtorch: its layers, loss, autograd and SGD; what is masked is zeroed after every update. */
public final class TorchStudy {
    private final Tensor pixels;
    private final Tensor labels;
    private final Tensor testPixels;
    private final Tensor testLabels;
    private final List<LinearImpl> layers = new ArrayList<>();
    private final List<Tensor> masks = new ArrayList<>();
    private final SGD optimizer;

    private TorchStudy(Dataset data) {
        pixels = floats(data.train());
        labels = classes(data.train());
        testPixels = floats(data.test());
        testLabels = classes(data.test());
        NetworkSpec network = NamedNetwork.LENET_300_100.spec();
        TensorVector parameters = new TensorVector();
        for (int l = 0; l < network.layers(); l++) {
            LinearImpl layer = new LinearImpl(network.inputs(l), network.outputs(l));
            try (NoGradGuard guard = new NoGradGuard()) {
                layer.weight().normal_(0, Math.sqrt(2.0 / network.inputs(l)), new GeneratorOptional());
                layer.bias().zero_();
            }
            layers.add(layer);
            parameters.push_back(layer.weight());
            parameters.push_back(layer.bias());
        }
        SGDOptions options = new SGDOptions(StudyBench.LEARNING_RATE);
        options.momentum().put(TrainingProblem.MOMENTUM);
        optimizer = new SGD(parameters, options);
    }

    /** Arguments: data folder, first seed, seeds. */
    public static void main(String[] arguments) {
        set_num_threads(1);
        int first = Integer.parseInt(arguments[1]);
        int seeds = Integer.parseInt(arguments[2]);
        Dataset data = new DataStore(Path.of(arguments[0])).load(new DataSource.Named(Catalog.MNIST));
        double[] best = null;
        for (int seed = first; seed < first + seeds; seed++) {
            manual_seed(seed);
            double[] errors = new TorchStudy(data).errors();
            best = best == null ? errors : StudyBench.least(best, errors);
        }
        Contestant.say(best);
        System.exit(0);
    }

    private double[] errors() {
        List<Integer> ratios = StudyBench.RATIOS;
        double[] errors = new double[1 + ratios.size()];
        train(StudyBench.EPOCHS);
        errors[0] = testError();
        for (int i = 0; i < ratios.size(); i++) {
            cut(ratios.get(i));
            train(StudyBench.RECOVERY);
            errors[i + 1] = testError();
        }
        return errors;
    }

    private Tensor outputs(Tensor x) {
        Tensor a = x;
        for (int l = 0; l < layers.size(); l++) {
            Tensor z = layers.get(l).forward(a);
            a = l == layers.size() - 1 ? z : relu(z);
        }
        return a;
    }

    private void train(int epochs) {
        long examples = pixels.size(0);
        for (int epoch = 0; epoch < epochs; epoch++) {
            try (PointerScope whole = new PointerScope()) {
                Tensor order = randperm(examples);
                for (long start = 0; start < examples; start += StudyBench.BATCH) {
                    try (PointerScope scope = new PointerScope()) {
                        Tensor chosen = order.narrow(0, start, Math.min(StudyBench.BATCH, examples - start));
                        optimizer.zero_grad();
                        cross_entropy_loss(outputs(pixels.index_select(0, chosen)), labels.index_select(0, chosen))
                                .backward();
                        optimizer.step();
                        mask();
                    }
                }
            }
        }
    }

    private void mask() {
        try (NoGradGuard guard = new NoGradGuard()) {
            for (int l = 0; l < masks.size(); l++) {
                layers.get(l).weight().mul_(masks.get(l));
            }
        }
    }

    /** Leaves the largest of every layer's weights. */
    private void cut(int ratio) {
        masks.clear();
        try (NoGradGuard guard = new NoGradGuard()) {
            for (LinearImpl layer : layers) {
                Tensor magnitudes = layer.weight().abs().flatten();
                long gone = magnitudes.size(0) - magnitudes.size(0) / ratio;
                Tensor threshold = magnitudes.kthvalue(gone).get0();
                masks.add(layer.weight().abs().gt(threshold).to(layer.weight().scalar_type()));
            }
        }
        mask();
    }

    private double testError() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor right =
                    outputs(testPixels).argmax(new LongOptional(1), false).eq(testLabels);
            return 100 * (1 - right.sum().item_double() / testPixels.size(0));
        }
    }

    private static Tensor floats(Examples examples) {
        float[] values = new float[examples.pixels().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (examples.pixels()[i] & 0xff) / 255f;
        }
        return Tensor.create(values).reshape(examples.count(), examples.features());
    }

    private static Tensor classes(Examples examples) {
        long[] values = new long[examples.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = examples.labels()[i];
        }
        return Tensor.create(values);
    }
}
