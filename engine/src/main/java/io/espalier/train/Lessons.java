package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.Pass;

/** How the members of a cohort learn from their teachers beside the labels. */
final class Lessons implements AutoCloseable {
    private final Backend backend;
    private final TeacherLogits teachers;
    private final Tensor temperatures;
    private final Tensor weights;

    /** @param teachers closed with it */
    Lessons(Backend backend, TeacherLogits teachers, int members) {
        this.backend = backend;
        this.teachers = teachers;
        this.temperatures = backend.zeros(ElementType.REAL, Shape.scalars(members));
        this.weights = backend.zeros(ElementType.REAL, Shape.scalars(members));
    }

    /**
     * Gives a member its teacher.
     *
     * @param beforeBatch run before every batch that the teacher looks at now; may end it by an exception
     */
    void prepare(int slot, Distillation distillation, Ancestor.Reported teacher, Runnable beforeBatch) {
        backend.write(temperatures, slot, new float[] {(float) distillation.temperature()});
        backend.write(weights, slot, new float[] {(float) distillation.weight()});
        teachers.prepare(slot, teacher, beforeBatch);
    }

    /** The loss of a forward pass and its gradient by the outputs, in place of {@link io.espalier.network.Network#loss}. */
    void loss(Pass pass, Tensor sum) {
        backend.distill(
                pass.outputs(), pass.labels(), teachers.of(pass), temperatures, weights, pass.outputGradient(), sum);
    }

    @Override
    public void close() {
        teachers.close();
        temperatures.close();
        weights.close();
    }
}
