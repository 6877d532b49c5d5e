package io.espalier.compress;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.Curvature;
import io.espalier.network.CurvaturePass;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Inputs;
import io.espalier.network.Network;
import io.espalier.network.Parameter;
import io.espalier.network.Pass;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** Training examples read once, without dropout, for something that every batch gives for every weight. */
final class TrainingSweep {
    private final Saliency.Subject subject;
    private final int[] examples;
    private final int batch;
    private final IntFunction<Quantity> quantity;
    private final Sink sink;

    /**
     * A sweep.
     *
     * @param examples which ones, in the order in which they are read
     * @param batch examples at a time; the last batch takes what is left
     */
    TrainingSweep(Saliency.Subject subject, int[] examples, int batch, IntFunction<Quantity> quantity, Sink sink) {
        this.subject = subject;
        this.examples = examples;
        this.batch = batch;
        this.quantity = quantity;
        this.sink = sink;
    }

    /** Something that a batch gives for every weight: a mean over its examples. */
    interface Quantity extends AutoCloseable {
        /** One tensor for each of {@code Network.prunable()}, from a pass that has been forward and has its loss. */
        List<Tensor> of(Pass pass);

        @Override
        void close();
    }

    /** Takes one batch's means, in double, for the weights of one tensor. */
    interface Sink {
        void add(int tensor, double[] means, int examples);
    }

    /** A curvature of the loss; for batches of a size. */
    static IntFunction<Quantity> curvature(Network network, Curvature kind) {
        return size -> new Quantity() {
            private final CurvaturePass memory = network.curvaturePass(size, kind);

            @Override
            public List<Tensor> of(Pass pass) {
                network.curvature(pass, memory);
                return memory.weights();
            }

            @Override
            public void close() {
                memory.close();
            }
        };
    }

    /** The gradient of the loss. */
    static IntFunction<Quantity> gradient(Network network) {
        return size -> new Quantity() {
            @Override
            public List<Tensor> of(Pass pass) {
                network.backward(pass, DropoutPlan.NONE);
                return network.prunable().stream().map(Parameter::gradient).toList();
            }

            @Override
            public void close() {}
        };
    }

    void run() {
        int whole = examples.length / batch * batch;
        batches(0, whole, batch);
        batches(whole, examples.length, examples.length - whole);
    }

    private void batches(int first, int end, int size) {
        if (first == end) {
            return;
        }
        Backend backend = subject.backend();
        TrainingExamples training = subject.training();
        try (Pass pass = subject.network().pass(size);
                Inputs inputs = new Inputs(backend, training.scaling(), 1);
                Quantity measured = quantity.apply(size);
                Tensor loss = backend.zeros(ElementType.REAL, Shape.scalars(1))) {
            for (int done = first; done < end; done += size) {
                subject.beforeBatch().run();
                backend.write(pass.indices(), 0, Arrays.copyOfRange(examples, done, done + size));
                inputs.gather(training.pixels(), pass);
                backend.gatherLabels(training.labels(), pass.indices(), pass.labels());
                subject.network().forward(pass, DropoutPlan.NONE);
                subject.network().loss(pass, loss);
                List<Tensor> means = measured.of(pass);
                for (int i = 0; i < means.size(); i++) {
                    sink.add(i, backend.doubles(means.get(i), 0), size);
                }
            }
        }
    }
}
