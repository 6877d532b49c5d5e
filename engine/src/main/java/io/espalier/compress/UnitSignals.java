package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Inputs;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Pass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * What a factor on a unit would do to an example's loss: g = the sum over the unit's pixels of activation times gradient, the derivative of
 * the loss by a factor of one on all of them. Seen as an evaluation sees the network.
 */
final class UnitSignals {
    private static final int BATCH = 100;

    private UnitSignals() {}

    /**
     * The mean of f(g) over training examples that seed and step draw.
     *
     * @param examples how many; all of them where there are not as many
     * @return one array for every linear map but the last
     */
    static List<double[]> means(Saliency.Subject subject, int examples, DoubleUnaryOperator f) {
        NetworkSpec spec = subject.network().spec();
        List<double[]> means = new ArrayList<>();
        for (int map = 0; map < spec.layers() - 1; map++) {
            means.add(new double[spec.outputs(map)]);
        }
        int[] drawn = subject.training().drawn(examples, subject.seed(), subject.step());
        for (int done = 0; done < drawn.length; done += BATCH) {
            subject.beforeBatch().run();
            int[] batch = Arrays.copyOfRange(drawn, done, Math.min(done + BATCH, drawn.length));
            add(subject, batch, f, means);
        }
        for (double[] ofMap : means) {
            for (int unit = 0; unit < ofMap.length; unit++) {
                ofMap[unit] /= drawn.length;
            }
        }
        return means;
    }

    private static void add(Saliency.Subject subject, int[] batch, DoubleUnaryOperator f, List<double[]> sums) {
        Backend backend = subject.backend();
        Network network = subject.network();
        TrainingExamples training = subject.training();
        try (Pass pass = network.pass(batch.length);
                Inputs inputs = new Inputs(backend, training.scaling(), 1);
                Tensor loss = backend.zeros(ElementType.REAL, Shape.scalars(1))) {
            backend.write(pass.indices(), 0, batch);
            inputs.gather(training.pixels(), pass);
            backend.gatherLabels(training.labels(), pass.indices(), pass.labels());
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, loss);
            network.backward(pass, DropoutPlan.NONE, (map, y, dy) -> {
                if (map < sums.size()) {
                    addUnits(backend.doubles(y, 0), backend.doubles(dy, 0), batch.length, f, sums.get(map));
                }
            });
        }
    }

    /** y and dy are (units places, B); dy is of the mean of B losses, an example's own is B times as large. */
    private static void addUnits(double[] y, double[] dy, int batch, DoubleUnaryOperator f, double[] sums) {
        int perUnit = y.length / sums.length;
        double[] signals = new double[batch];
        for (int unit = 0; unit < sums.length; unit++) {
            Arrays.fill(signals, 0);
            for (int i = unit * perUnit; i < (unit + 1) * perUnit; i++) {
                signals[i % batch] += y[i] * dy[i];
            }
            for (double signal : signals) {
                sums[unit] += f.applyAsDouble(batch * signal);
            }
        }
    }
}
