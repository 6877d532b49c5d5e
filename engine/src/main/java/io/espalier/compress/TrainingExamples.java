package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import io.espalier.network.Inputs;
import io.espalier.network.Pass;
import io.espalier.random.Seed;
import io.espalier.random.Shuffle;
import io.espalier.random.Stream;
import java.util.stream.IntStream;

/**
 * The examples that a saliency may look at: the first of a training file, in file order. Never validation or test data.
 *
 * @param pixels (1, N, F) U8
 * @param labels (1, 1, N) I32
 * @param count how many of the N, at least 1
 * @param scaling how a network is to see the pixels
 */
public record TrainingExamples(Tensor pixels, Tensor labels, int count, Inputs.Scaling scaling) {
    /** Pixels divided by 255. */
    public TrainingExamples(Tensor pixels, Tensor labels, int count) {
        this(pixels, labels, count, Inputs.Scaling.NONE);
    }

    public TrainingExamples {
        if (count < 1 || count > labels.shape().columns()) {
            throw new IllegalArgumentException(
                    count + " training examples of " + labels.shape().columns());
        }
    }

    /** A pass's inputs, of the examples that its indices name. */
    void gather(Backend backend, Pass pass) {
        try (Inputs inputs = new Inputs(backend, scaling, 1)) {
            inputs.gather(pixels, pass);
        }
    }

    /** Their indices, ascending. */
    int[] inFileOrder() {
        return IntStream.range(0, count).toArray();
    }

    /**
     * Some of them, without repetition.
     *
     * @param size how many; all of them where there are not as many
     * @param draw which draw of the seed
     */
    int[] drawn(int size, Seed seed, int draw) {
        Shuffle shuffle = new Shuffle(Stream.SALIENCY_EXAMPLES, seed.low(), seed.high(), draw, count);
        return IntStream.range(0, Math.min(size, count)).map(shuffle::at).toArray();
    }
}
