package io.espalier.compress;

import io.espalier.backend.Tensor;
import io.espalier.network.Curvature;
import io.espalier.network.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntFunction;

/**
 * A mean over training examples for every weight. Summed in float64 and in a fixed order, and turned into scores in float64,
 * so that backends differ only in what each batch gives.
 *
 * @param values one array a weight tensor, in its stored order
 */
record WeightMeans(List<double[]> values) {
    /** Examples at a time. On Zen 5 anything from 128 to 1000 took the same time within its noise. */
    private static final int BATCH = 500;

    static WeightMeans ofCurvature(Saliency.Subject subject, Curvature kind) {
        return of(subject, subject.training().inFileOrder(), TrainingSweep.curvature(subject.network(), kind));
    }

    static WeightMeans ofGradient(Saliency.Subject subject) {
        return ofGradient(subject, subject.training().inFileOrder());
    }

    /** @param examples over which the mean is taken, in the order in which they are summed */
    static WeightMeans ofGradient(Saliency.Subject subject, int[] examples) {
        return of(subject, examples, TrainingSweep.gradient(subject.network()));
    }

    private static WeightMeans of(
            Saliency.Subject subject, int[] examples, IntFunction<TrainingSweep.Quantity> quantity) {
        List<double[]> sums = zeros(subject);
        new TrainingSweep(subject, examples, BATCH, quantity, (tensor, means, size) -> {
                    double[] sum = sums.get(tensor);
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += size * means[i];
                    }
                })
                .run();
        for (double[] sum : sums) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] /= examples.length;
            }
        }
        return new WeightMeans(sums);
    }

    /** A zero for every weight. */
    static List<double[]> zeros(Saliency.Subject subject) {
        List<double[]> zeros = new ArrayList<>();
        for (Parameter weight : subject.network().prunable()) {
            zeros.add(new double[weight.value().shape().perMember()]);
        }
        return zeros;
    }

    /** Saliencies from weights and means. */
    WeightMeans with(Saliency.Subject subject, DoubleBinaryOperator saliency) {
        List<double[]> saliencies = new ArrayList<>();
        for (int t = 0; t < values.size(); t++) {
            double[] weights = subject.backend()
                    .doubles(subject.network().prunable().get(t).value(), 0);
            double[] means = values.get(t);
            double[] scores = new double[weights.length];
            for (int i = 0; i < weights.length; i++) {
                scores[i] = saliency.applyAsDouble(weights[i], means[i]);
            }
            saliencies.add(scores);
        }
        return new WeightMeans(saliencies);
    }

    /** Whether all of them are numbers. */
    boolean areFinite() {
        return values.stream().flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
    }

    void writeTo(Saliency.Subject subject, List<Tensor> scores) {
        for (int t = 0; t < values.size(); t++) {
            float[] rounded = new float[values.get(t).length];
            for (int i = 0; i < rounded.length; i++) {
                rounded[i] = (float) values.get(t)[i];
            }
            subject.backend().write(scores.get(t), 0, rounded);
        }
    }
}
