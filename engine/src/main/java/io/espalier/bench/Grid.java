package io.espalier.bench;

import io.espalier.network.NamedNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which sizes are measured: every combination of these. Sparsities concern sparse layers only, compressions hashed ones.
 *
 * @param layers outputs by inputs
 * @param batches B
 * @param members R
 * @param sparsities shares of weights that are removed, 0 to below 1
 * @param compressions weights for each stored number
 */
public record Grid(
        List<Layer> layers,
        List<Integer> batches,
        List<Integer> members,
        List<Double> sparsities,
        List<Integer> compressions) {
    /** As many as MNIST has. */
    private static final int EXAMPLES = 60_000;

    /** Many members of a large layer are left out: a matrix of theirs would take more than half a gigabyte. */
    private static final int MOST_WEIGHTS = 1 << 27;

    private static final List<Layer> LENET_300_100 =
            List.of(new Layer(300, 784), new Layer(100, 300), new Layer(10, 100));

    /** One layer of a network. */
    public record Layer(int outputs, int inputs) {}

    public Grid {
        if (layers.isEmpty() || batches.isEmpty() || members.isEmpty()) {
            throw new IllegalArgumentException("A grid needs layers, batches and members");
        }
    }

    /**
     * A first look, and what a budget of a minute is enough for.
     *
     * @param device whether many members make sense: a processor takes them one after the other
     */
    public static Grid quick(boolean device) {
        return new Grid(List.of(LENET_300_100.get(0)), List.of(128), members(device, 1, 64), List.of(0.95), List.of(8));
    }

    /** The shapes that targets speak of. */
    public static Grid standard(boolean device) {
        List<Layer> layers = new ArrayList<>(List.of(LENET_300_100.get(0), new Layer(1000, 784)));
        if (device) {
            layers.add(new Layer(4096, 4096));
        }
        return new Grid(layers, List.of(128), members(device, 1, 64), List.of(0.9, 0.95, 0.98, 0.99), List.of(8, 64));
    }

    /** Every layer of the networks that we report, at every batch size, sparsity and compression. */
    public static Grid full(boolean device) {
        List<Layer> layers = new ArrayList<>(LENET_300_100);
        layers.addAll(List.of(
                new Layer(1000, 784),
                new Layer(10, 1000),
                new Layer(500, 800),
                new Layer(1024, 1024),
                new Layer(4096, 4096)));
        return new Grid(
                layers,
                List.of(1, 32, 128, 512, 2048),
                members(device, 1, 8, 64),
                List.of(0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995),
                List.of(2, 8, 16, 64));
    }

    private static List<Integer> members(boolean device, Integer... many) {
        return device ? List.of(many) : List.of(1);
    }

    /** The workloads of these families, whole steps first: they matter most, should the time run out. */
    List<Workload> workloads(Rig rig, Set<Family> families) {
        List<Workload> workloads = new ArrayList<>();
        if (families.contains(Family.STEP)) {
            batches.forEach(batch -> members.forEach(r -> workloads.addAll(steps(batch, r))));
        }
        for (int batch : batches) {
            for (int r : members) {
                for (Layer layer : layers) {
                    add(workloads, rig, families, layer, batch, r);
                }
            }
        }
        return workloads;
    }

    private List<Workload> steps(int batch, int members) {
        NamedNetwork network = NamedNetwork.LENET_300_100;
        StepWorkloads steps = new StepWorkloads(network.key(), network.spec(), batch, members, EXAMPLES);
        List<Workload> all = new ArrayList<>(List.of(steps.dense()));
        sparsities.forEach(sparsity -> all.add(steps.sparse(sparsity)));
        compressions.forEach(compression -> all.add(steps.hashed(compression)));
        all.add(steps.curvature());
        return all;
    }

    private void add(List<Workload> to, Rig rig, Set<Family> families, Layer layer, int batch, int members) {
        Size dense = Size.dense(layer.outputs(), layer.inputs(), batch, members);
        if (members > 1 && (long) members * dense.weights() > MOST_WEIGHTS) {
            return;
        }
        if (families.contains(Family.DENSE)) {
            to.addAll(DenseWorkloads.of(rig, dense));
        }
        if (families.contains(Family.SPARSE)) {
            for (double sparsity : sparsities) {
                to.addAll(SparseWorkloads.of(rig, dense.pruned(sparsity)));
            }
        }
        if (families.contains(Family.HASHED)) {
            for (int compression : compressions) {
                to.addAll(HashedWorkloads.of(rig, dense.hashed(compression)));
            }
        }
        if (families.contains(Family.CURVATURE)) {
            to.addAll(CurvatureWorkloads.of(rig, dense));
        }
        if (families.contains(Family.MEMORY)) {
            to.add(MemoryWorkloads.sgd(dense));
            to.add(MemoryWorkloads.gather(dense));
        }
    }
}
