package io.espalier.train;

import io.espalier.backend.Tensor;
import io.espalier.network.Pass;

/** What the teachers of a cohort's members say about a training batch, one teacher a member. */
sealed interface TeacherLogits extends AutoCloseable permits StoredLogits, LiveLogits {
    /**
     * Gives a member its teacher.
     *
     * @param beforeBatch run before every batch that it looks at; may end it by an exception
     */
    void prepare(int slot, Ancestor.Reported teacher, Runnable beforeBatch);

    /** Their logits for the examples of a pass, in its order: (R, outputs, B). */
    Tensor of(Pass pass);

    @Override
    void close();
}
