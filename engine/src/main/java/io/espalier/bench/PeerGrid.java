package io.espalier.bench;

import io.espalier.bench.Load.Hashed;
import io.espalier.bench.Load.Masked;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is trained beside libtorch: every network at every batch with every load by one thread, then many trials on all cores.
 *
 * @param networks names, as {@link TrainingProblem#of} knows them
 * @param sparsities shares of weights that masks remove
 * @param compressions weights for each stored number
 * @param trials how many at once
 */
public record PeerGrid(
        List<String> networks,
        List<Integer> batches,
        List<Double> sparsities,
        List<Integer> compressions,
        List<Integer> trials) {
    private static final String LENET = "784-300-100-10";
    private static final int TRIALS_BATCH = 128;
    private static final double TRIALS_SPARSITY = 0.95;

    public PeerGrid {
        if (networks.isEmpty() || batches.isEmpty()) {
            throw new IllegalArgumentException("A grid needs networks and batches");
        }
        for (String network : networks) {
            TrainingProblem.of(network, 1, Load.DENSE);
        }
        sparsities.forEach(Masked::new);
        compressions.forEach(Hashed::new);
        if (Stream.concat(batches.stream(), trials.stream()).anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException("Batches and trials must be at least 1");
        }
    }

    /** The sizes that targets speak of. */
    public static PeerGrid standard() {
        return new PeerGrid(
                List.of(LENET, "784-1000-10"),
                List.of(50, 128, 512),
                List.of(0.8, 0.9, 0.95, 0.98, 0.99),
                List.of(8, 64),
                List.of(1, 2, 4, 16));
    }

    /** A minute or two: one of each kind. */
    public static PeerGrid quick() {
        return new PeerGrid(List.of(LENET), List.of(128), List.of(0.95), List.of(8), List.of());
    }

    /** One network on one core. */
    List<TrainingProblem> alone() {
        List<Load> loads = new ArrayList<>(List.of(Load.DENSE));
        sparsities.forEach(sparsity -> loads.add(new Masked(sparsity)));
        compressions.forEach(compression -> loads.add(new Hashed(compression)));
        loads.add(Load.CURVATURE);
        List<TrainingProblem> problems = new ArrayList<>();
        for (String network : networks) {
            boolean convolutional = !TrainingProblem.of(network, 1, Load.DENSE)
                    .network()
                    .architecture()
                    .topology()
                    .isPerceptron();
            for (int batch : batches) {
                loads.stream()
                        // The other side has these of linear layers only.
                        .filter(load -> !convolutional || load == Load.DENSE || load instanceof Masked)
                        .forEach(load -> problems.add(TrainingProblem.of(network, batch, load)));
            }
        }
        return problems;
    }

    /** What many trials of train. */
    List<TrainingProblem> together() {
        return List.of(
                TrainingProblem.of(networks.get(0), TRIALS_BATCH, Load.DENSE),
                TrainingProblem.of(networks.get(0), TRIALS_BATCH, new Masked(TRIALS_SPARSITY)));
    }
}
