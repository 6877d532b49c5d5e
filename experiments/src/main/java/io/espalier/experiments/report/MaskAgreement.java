package io.espalier.experiments.report;

import io.espalier.random.Seed;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How far methods that take weights one by one leave the same ones: masks by method, seed and ratio. */
final class MaskAgreement {
    private final int weights;
    private final Map<String, Map<Seed, Map<String, BitSet>>> masks = new LinkedHashMap<>();

    /** @param weights of the uncompressed network */
    MaskAgreement(int weights) {
        this.weights = weights;
    }

    void add(String method, Seed seed, String ratio, BitSet alive) {
        masks.computeIfAbsent(method, any -> new LinkedHashMap<>())
                .computeIfAbsent(seed, any -> new TreeMap<>())
                .put(ratio, alive);
    }

    List<String> methods() {
        return List.copyOf(masks.keySet());
    }

    /** Mean over the seeds that both have of {@link RankCorrelation}, at the ratios that both have; NaN if there are none. */
    double between(String method, String other) {
        return masks.get(method).entrySet().stream()
                .filter(seed -> masks.get(other).containsKey(seed.getKey()))
                .mapToDouble(
                        seed -> correlation(seed.getValue(), masks.get(other).get(seed.getKey())))
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    private double correlation(Map<String, BitSet> own, Map<String, BitSet> others) {
        List<String> common = own.keySet().stream().filter(others::containsKey).toList();
        return RankCorrelation.ofSurvival(
                common.stream().map(own::get).toList(),
                common.stream().map(others::get).toList(),
                weights);
    }
}
