package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import io.espalier.network.Curvature;
import io.espalier.network.Network;
import java.util.List;

/**
 * OBD-SD: optimal brain damage with a standard deviation in it. Harang and Sanders (2023) name it and find it slightly best when
 * much is pruned, but their formula was not to be had. Both readings here are ours; neither is known to be theirs.
 */
public record ObdSdSaliency(Reading reading) implements Saliency {
    /** Where the standard deviation comes in. */
    public sealed interface Reading {}

    /**
     * m + c s, m and s being mean and standard deviation of h w^2 / 2 (Levenberg-Marquardt) over batches of {@value #BATCH}
     * training examples in file order: a weight that matters for few examples only is kept longer. A short last batch counts by
     * its examples. Up to {@value #BATCH} examples there is one batch, s is zero and the saliency is OBD's.
     *
     * @param c at least 0
     */
    public record MeanPlusSd(double c) implements Reading {
        public MeanPlusSd {
            if (!(c >= 0) || Double.isInfinite(c)) {
                throw new IllegalArgumentException("The weight c of the standard deviation is at least 0, got " + c);
            }
        }
    }

    /**
     * h w^2 / 2 (Levenberg-Marquardt) over its standard deviation among the weights of the layer that are alive: layers meet at
     * one scale. Where that is zero, in a layer of one weight, the saliency is OBD's. With scope layer the order is OBD's too.
     */
    public record PerLayerSd() implements Reading {}

    static final int BATCH = 100;

    /**
     * Mean plus one standard deviation: the reading with the fewer validation errors on LeNet-300-100, 5 seeds, ratios 8 to 64
     * (study {@code obd-sd-readings}).
     */
    public ObdSdSaliency() {
        this(new MeanPlusSd(1));
    }

    @Override
    public String name() {
        if (reading instanceof MeanPlusSd plus) {
            boolean whole = plus.c == Math.rint(plus.c) && plus.c < 1e15;
            return plus.c == 1 ? "obd-sd" : "obd-sd c=" + (whole ? Long.toString((long) plus.c) : "" + plus.c);
        }
        return "obd-sd per-layer-sd";
    }

    @Override
    public void score(Subject subject, List<Tensor> scores) {
        if (reading instanceof MeanPlusSd plus) {
            // The weight is the same in all batches, so that mean and deviation of h are all that is needed.
            meanPlus(plus.c, subject).with(subject, (w, h) -> h * w * w / 2).writeTo(subject, scores);
        } else {
            WeightMeans saliencies = WeightMeans.ofCurvature(subject, Curvature.LEVENBERG_MARQUARDT)
                    .with(subject, (w, h) -> h * w * w / 2);
            perDeviation(saliencies, subject.backend(), subject.network());
            saliencies.writeTo(subject, scores);
        }
    }

    private static WeightMeans meanPlus(double c, Subject subject) {
        List<double[]> means = WeightMeans.zeros(subject);
        List<double[]> squares = WeightMeans.zeros(subject);
        int[] seen = new int[means.size()];
        new TrainingSweep(
                        subject,
                        subject.training().inFileOrder(),
                        BATCH,
                        TrainingSweep.curvature(subject.network(), Curvature.LEVENBERG_MARQUARDT),
                        (tensor, batch, examples) -> {
                            seen[tensor] += examples;
                            double share = (double) examples / seen[tensor];
                            double[] mean = means.get(tensor);
                            double[] square = squares.get(tensor);
                            // Welford's recurrence: no difference of large sums.
                            for (int i = 0; i < mean.length; i++) {
                                double before = batch[i] - mean[i];
                                mean[i] += share * before;
                                square[i] += examples * before * (batch[i] - mean[i]);
                            }
                        })
                .run();
        for (int t = 0; t < means.size(); t++) {
            double[] mean = means.get(t);
            double[] square = squares.get(t);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += c * Math.sqrt(square[i] / seen[t]);
            }
        }
        return new WeightMeans(means);
    }

    private static void perDeviation(WeightMeans saliencies, Backend backend, Network network) {
        for (int t = 0; t < saliencies.values().size(); t++) {
            double[] values = saliencies.values().get(t);
            byte[] alive = backend.bytes(network.prunable().get(t).mask(), 0);
            double deviation = deviation(values, alive);
            if (deviation > 0) {
                for (int i = 0; i < values.length; i++) {
                    values[i] /= deviation;
                }
            }
        }
    }

    private static double deviation(double[] values, byte[] alive) {
        int count = 0;
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            if (alive[i] != 0) {
                double before = values[i] - mean;
                mean += before / ++count;
                squares += before * (values[i] - mean);
            }
        }
        return count == 0 ? 0 : Math.sqrt(squares / count);
    }
}
