package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Pass;
import io.espalier.network.Representation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the teachers of a cohort's members say about every training example: computed once, then looked up. */
final class Lessons implements AutoCloseable {
    private final Backend backend;
    private final DataParts data;
    private final int outputs;
    private final Tensor table;
    private final Tensor temperatures;
    private final Tensor weights;
    private final Map<Integer, Tensor> batches = new HashMap<>();

    Lessons(Backend backend, DataParts data, NetworkSpec student, int members) {
        this.backend = backend;
        this.data = data;
        this.outputs = student.outputs();
        this.table = backend.zeros(ElementType.REAL, new Shape(members, outputs, data.count(Part.TRAINING)));
        this.temperatures = backend.zeros(ElementType.REAL, Shape.scalars(members));
        this.weights = backend.zeros(ElementType.REAL, Shape.scalars(members));
    }

    /**
     * Lets a teacher, without dropout, say its logits for one member.
     *
     * @param beforeBatch run before every batch; may end it by an exception
     */
    void prepare(int slot, Distillation distillation, NetworkSpec spec, Parameters teacher, Runnable beforeBatch) {
        backend.write(temperatures, slot, new float[] {(float) distillation.temperature()});
        backend.write(weights, slot, new float[] {(float) distillation.weight()});
        try (Network network = new Network(backend, spec, List.of(teacher), Representation.of(backend, teacher))) {
            double[] logits = Logits.of(backend, network, data, Part.TRAINING, beforeBatch);
            float[] rounded = new float[logits.length];
            for (int i = 0; i < logits.length; i++) {
                rounded[i] = (float) logits[i];
            }
            backend.write(table, slot, rounded);
        }
    }

    /** The loss of a forward pass and its gradient by the outputs, in place of {@link Network#loss}. */
    void loss(Pass pass, Tensor sum) {
        int batch = pass.outputs().shape().columns();
        Tensor said = batches.computeIfAbsent(
                batch,
                size -> backend.zeros(ElementType.REAL, new Shape(table.shape().members(), outputs, size)));
        backend.gatherColumns(table, pass.indices(), said);
        backend.distill(pass.outputs(), pass.labels(), said, temperatures, weights, pass.outputGradient(), sum);
    }

    @Override
    public void close() {
        table.close();
        temperatures.close();
        weights.close();
        batches.values().forEach(Tensor::close);
    }
}
