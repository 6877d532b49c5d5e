package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Tensor;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameter;
import io.espalier.network.SafeTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Saliencies as safetensors: {@code layers.<i>.weight} of the shape that a model file has, 0 where the mask is. Equal scores are equal files. */
public final class ScoreFile {
    private ScoreFile() {}

    /** Scores the subject's network. */
    public static byte[] bytes(Saliency.Subject subject, Saliency saliency) {
        Backend backend = subject.backend();
        NetworkSpec spec = subject.network().spec();
        List<Parameter> weights = subject.network().prunable();
        List<Tensor> scores = new ArrayList<>();
        try {
            weights.forEach(weight ->
                    scores.add(backend.zeros(ElementType.REAL, weight.value().shape())));
            saliency.score(subject, scores);
            List<SafeTensors.Entry> entries = new ArrayList<>();
            for (int i = 0; i < scores.size(); i++) {
                backend.applyMask(scores.get(i), weights.get(i).mask());
                entries.add(SafeTensors.Entry.of(
                        spec.mapName(i) + ".weight",
                        weights.get(i).read(backend, scores.get(i), 0),
                        spec.weightShape(i)));
            }
            TreeMap<String, String> metadata = new TreeMap<>();
            metadata.put("format", "espalier-scores-1");
            metadata.put("network", spec.toString());
            metadata.put("saliency", saliency.name());
            metadata.put("examples", Integer.toString(subject.training().count()));
            return new SafeTensors(metadata, entries).toBytes();
        } finally {
            scores.forEach(Tensor::close);
        }
    }
}
