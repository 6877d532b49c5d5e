package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.Network;
import io.espalier.network.Pass;
import io.espalier.network.Representation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Logits of examples that are the same at every step: computed once, then looked up. */
final class StoredLogits implements TeacherLogits {
    private final Backend backend;
    private final DataParts data;
    private final Tensor table;
    private final Map<Integer, Tensor> batches = new HashMap<>();

    StoredLogits(Backend backend, DataParts data, int outputs, int members) {
        this.backend = backend;
        this.data = data;
        this.table = backend.zeros(ElementType.REAL, new Shape(members, outputs, data.count(Part.TRAINING)));
    }

    @Override
    public void prepare(int slot, Ancestor.Reported teacher, Runnable beforeBatch) {
        Representation representation = Representation.of(backend, teacher.parameters());
        try (Network network = new Network(backend, teacher.network(), List.of(teacher.parameters()), representation)) {
            double[] logits = Logits.of(backend, network, data, Part.TRAINING, beforeBatch);
            float[] rounded = new float[logits.length];
            for (int i = 0; i < logits.length; i++) {
                rounded[i] = (float) logits[i];
            }
            backend.write(table, slot, rounded);
        }
    }

    @Override
    public Tensor of(Pass pass) {
        Tensor logits = batches.computeIfAbsent(
                pass.outputs().shape().columns(),
                any -> backend.zeros(ElementType.REAL, pass.outputs().shape()));
        backend.gatherColumns(table, pass.indices(), logits);
        return logits;
    }

    @Override
    public void close() {
        table.close();
        batches.values().forEach(Tensor::close);
    }
}
