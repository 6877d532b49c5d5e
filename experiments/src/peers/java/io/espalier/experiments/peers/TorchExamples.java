package io.espalier.experiments.peers;

import static org.bytedeco.pytorch.global.torch.rand;
import static org.bytedeco.pytorch.global.torch.randint;
import static org.bytedeco.pytorch.global.torch.randperm;

import io.espalier.bench.TrainingProblem;
import io.espalier.network.Features;
import io.espalier.network.NetworkSpec;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Resident floats, from which batches are selected in a shuffled order; and the batch that answers are asked of. */
final class TorchExamples {
    private final TrainingProblem problem;
    private final boolean channelsLast;
    private final Tensor examples;
    private final Tensor labels;
    private final Tensor order;
    private Tensor chosen;
    private int position;

    /** @param channelsLast the memory format of images that its convolutions may prefer */
    TorchExamples(TrainingProblem problem, boolean channelsLast) {
        this.problem = problem;
        this.channelsLast = channelsLast;
        NetworkSpec network = problem.network();
        examples = images(rand(TrainingProblem.EXAMPLES, network.inputs()));
        labels = randint(0, network.outputs(), new long[] {TrainingProblem.EXAMPLES})
                .to(ScalarType.Long);
        order = randperm(TrainingProblem.EXAMPLES);
    }

    /** Examples as a first layer wants them. */
    private Tensor images(Tensor rows) {
        Features input = problem.network().input();
        if (input.places() == 1) {
            return rows;
        }
        Tensor images = rows.reshape(rows.size(0), input.channels(), input.height(), input.width());
        return channelsLast ? images.contiguous(MemoryFormat.ChannelsLast) : images;
    }

    /** Goes on to the next batch. */
    void advance() {
        position = position + problem.batch() > TrainingProblem.EXAMPLES ? 0 : position;
        chosen = order.narrow(0, position, problem.batch());
        position += problem.batch();
    }

    Tensor inputs() {
        return examples.index_select(0, chosen);
    }

    Tensor labels() {
        return labels.index_select(0, chosen);
    }

    Tensor problemInputs() {
        int features = problem.network().inputs();
        float[] inputs = new float[problem.batch() * features];
        for (int b = 0; b < problem.batch(); b++) {
            for (int f = 0; f < features; f++) {
                inputs[b * features + f] = TrainingProblem.input(b, f);
            }
        }
        return images(Tensor.create(inputs).reshape(problem.batch(), features));
    }

    Tensor problemLabels() {
        long[] wanted = new long[problem.batch()];
        for (int b = 0; b < problem.batch(); b++) {
            wanted[b] = problem.label(b);
        }
        return Tensor.create(wanted);
    }
}
