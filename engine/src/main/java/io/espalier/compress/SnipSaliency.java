package io.espalier.compress;

import io.espalier.backend.Tensor;
import java.util.List;

/**
 * |w g|, g the gradient of the mean loss over some training examples, which are drawn by seed and step and seen without dropout
 * (SNIP: Lee, Ajanthan and Torr 2019). Meant for networks that have not been trained. The paper divides by the sum over all weights,
 * which changes no order.
 *
 * @param examples how many, at least 1; all of them where there are not as many
 */
public record SnipSaliency(int examples) implements Saliency {
    /** As the paper has it for MNIST. */
    static final int PUBLISHED = 100;

    public SnipSaliency {
        if (examples < 1) {
            throw new IllegalArgumentException("SNIP looks at one example at least, got " + examples);
        }
    }

    /** The paper's batch for MNIST, {@value #PUBLISHED} examples. */
    public SnipSaliency() {
        this(PUBLISHED);
    }

    @Override
    public String name() {
        return examples == PUBLISHED ? "snip" : "snip examples=" + examples;
    }

    @Override
    public void score(Subject subject, List<Tensor> scores) {
        int[] drawn = subject.training().drawn(examples, subject.seed(), subject.step());
        WeightMeans.ofGradient(subject, drawn)
                .with(subject, (w, g) -> Math.abs(w * g))
                .writeTo(subject, scores);
    }
}
