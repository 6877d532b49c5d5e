package io.espalier.experiments.report;

import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Step;
import io.espalier.network.StoreSpec;
import io.espalier.run.ResultTable;
import io.espalier.run.RunDirectory;
import io.espalier.run.TrialResult.Row;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the model files of a run say beside its tables: where weights are left. A model that was removed is left out. */
final class SavedModels {
    /** A method at a ratio. */
    record Cell(String method, String ratio) {}

    private final Map<Cell, List<double[]>> densities = new LinkedHashMap<>();
    private final Map<Cell, List<Double>> speedUps = new LinkedHashMap<>();
    private final MaskAgreement agreement;

    private SavedModels(int weights) {
        agreement = new MaskAgreement(weights);
    }

    static SavedModels of(Path run, Plan plan, ResultTable table) {
        SavedModels models = new SavedModels(plan.study().network().prunable());
        for (Trial trial : plan.results()) {
            table.result(trial).ifPresent(result -> result.rows()
                    .forEach(row -> models.add(trial, row, RunDirectory.modelPath(run, trial, row.ratioTarget()))));
        }
        return models;
    }

    private void add(Trial trial, Row row, Path file) {
        if (!Files.exists(file)) {
            return;
        }
        NetworkSpec shape = row.shape(trial.network());
        Parameters parameters = ModelFile.read(shape, file);
        Cell cell = new Cell(trial.method(), row.ratioTarget());
        double used = 0;
        for (int l = 0; l < shape.layers(); l++) {
            LayerParameters layer = parameters.layers().get(l);
            // A weight of a convolution is multiplied with in every window.
            used += multiplyAdds(layer) * shape.multiplyAdds(l) / connections(shape, l);
        }
        speedUps.computeIfAbsent(cell, any -> new ArrayList<>())
                .add(trial.dense().multiplyAdds() / used);
        if (steps(shape).equals(steps(trial.dense()))) {
            double[] stored = new double[shape.layers()];
            for (int l = 0; l < stored.length; l++) {
                stored[l] = parameters.layers().get(l).alive() / connections(trial.dense(), l);
            }
            densities.computeIfAbsent(cell, any -> new ArrayList<>()).add(stored);
        }
        if (row.ratio() > 1
                && parameters.storage().isDense()
                && parameters.sizes().equals(trial.dense().sizes())) {
            agreement.add(trial.method(), trial.seed(), row.ratioTarget(), alive(parameters));
        }
    }

    private static double connections(NetworkSpec network, int layer) {
        return (double) network.inputs(layer) * network.outputs(layer);
    }

    /** Layers of networks that differ in these have nothing to do with each other. */
    private static List<Step> steps(NetworkSpec network) {
        return network.architecture().topology().steps();
    }

    /** Of one example: a layer multiplies with what is not zero. A hashed layer has a virtual weight for every connection. */
    private static double multiplyAdds(LayerParameters layer) {
        if (layer.store() instanceof StoreSpec.Hashed) {
            return (double) layer.inputs() * layer.outputs();
        } else if (layer.store() instanceof StoreSpec.LowRank product) {
            return (double) product.rank() * (layer.inputs() + layer.outputs());
        }
        return layer.alive();
    }

    private static BitSet alive(Parameters parameters) {
        BitSet alive = new BitSet();
        int first = 0;
        for (LayerParameters layer : parameters.layers()) {
            for (int i = 0; i < layer.mask().length; i++) {
                alive.set(first + i, layer.mask()[i] == 1);
            }
            first += layer.mask().length;
        }
        return alive;
    }

    /** Weights stored over the weights of the same layer of the uncompressed network, layer by layer, means over the seeds; not of other networks. */
    Map<Cell, double[]> densities() {
        Map<Cell, double[]> means = new LinkedHashMap<>();
        densities.forEach((cell, seeds) -> {
            double[] mean = new double[seeds.get(0).length];
            seeds.forEach(one -> java.util.Arrays.setAll(mean, l -> mean[l] + one[l] / seeds.size()));
            means.put(cell, mean);
        });
        return means;
    }

    /**
     * Theoretical speed-up as ShrinkBench defines it: multiply-adds of the dense network over those with weights that are not zero.
     * NaN without models.
     */
    double speedUp(String method, String ratio) {
        return speedUps.getOrDefault(new Cell(method, ratio), List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(Double.NaN);
    }

    /** How far methods that leave weights one by one leave the same ones. */
    MaskAgreement agreement() {
        return agreement;
    }
}
