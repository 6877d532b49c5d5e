package io.espalier.train;

import io.espalier.backend.Augmentation;
import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Inputs;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Pass;
import java.util.HashMap;
import java.util.Map;

/**
 * Logits of images that move: the teachers look at every batch as their pupils see it, without dropout (Beyer et al. 2022 find that a
 * teacher must see the same crop). That costs a dense forward pass a step.
 */
final class LiveLogits implements TeacherLogits {
    private final DataParts data;
    private final Augmentation augmentation;
    private final Inputs inputs;
    private final Network teachers;
    private final Map<Integer, Pass> passes = new HashMap<>();

    /** @param spec of all teachers, which are dense */
    LiveLogits(Backend backend, DataParts data, Augmentation augmentation, NetworkSpec spec, int members) {
        this.data = data;
        this.augmentation = augmentation;
        this.inputs = new Inputs(backend, data.scaling(), members);
        this.teachers = new Network(backend, spec, members);
    }

    @Override
    public void prepare(int slot, Ancestor.Reported teacher, Runnable beforeBatch) {
        if (!teacher.network().equals(teachers.spec())) {
            throw new IllegalStateException(
                    "Teachers of one cohort are of one shape, " + teachers.spec() + ", and not " + teacher.network());
        }
        teachers.write(slot, teacher.parameters());
    }

    @Override
    public Tensor of(Pass pass) {
        Pass theirs = passes.computeIfAbsent(pass.outputs().shape().columns(), teachers::forwardPass);
        inputs.gather(data.pixels(Part.TRAINING), pass.indices(), augmentation, theirs.inputs());
        teachers.forward(theirs, DropoutPlan.NONE);
        return theirs.outputs();
    }

    @Override
    public void close() {
        inputs.close();
        teachers.close();
        passes.values().forEach(Pass::close);
    }
}
