package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Inputs;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Pass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts errors of all members of a network over a part of the data, without dropout. */
public final class Evaluator implements AutoCloseable {
    private static final int BATCH = 500;

    /** Of images, whose values are many. */
    private static final int IMAGES = 100;

    private final Backend backend;
    private final Network network;
    private final DataParts data;
    private final Inputs inputs;
    private final Tensor errors;
    private final Tensor loss;
    private final Runnable beforeBatch;
    private final Map<Integer, Pass> passes = new HashMap<>();

    public Evaluator(Backend backend, Network network, DataParts data) {
        this(backend, network, data, () -> {});
    }

    /** @param beforeBatch run before every batch; may end the evaluation by an exception */
    Evaluator(Backend backend, Network network, DataParts data, Runnable beforeBatch) {
        this.beforeBatch = beforeBatch;
        this.backend = backend;
        this.network = network;
        this.data = data;
        this.inputs = new Inputs(backend, data.scaling(), network.members());
        this.errors = backend.zeros(ElementType.I32, Shape.scalars(network.members()));
        this.loss = backend.zeros(ElementType.REAL, Shape.scalars(network.members()));
    }

    /** Examples at a time; errors are counted over all of them, however they are divided. */
    static int batch(NetworkSpec network) {
        return network.architecture().topology().isPerceptron() ? BATCH : IMAGES;
    }

    /** One evaluation a member. */
    public List<Evaluation> evaluate(Part part) {
        int count = data.count(part);
        backend.clear(errors);
        backend.clear(loss);
        int most = batch(network.spec());
        for (int done = 0; done < count; done += most) {
            beforeBatch.run();
            int batch = Math.min(most, count - done);
            Pass pass = passes.computeIfAbsent(batch, network::forwardPass);
            chunk(pass, part, data.first(part) + done);
        }
        List<Evaluation> evaluations = new ArrayList<>();
        for (int r = 0; r < network.members(); r++) {
            evaluations.add(new Evaluation(backend.ints(errors, r)[0], count, backend.doubles(loss, r)[0] / count));
        }
        return evaluations;
    }

    /**
     * One member's weights, measured.
     *
     * @param reported what the network holds for it
     * @param parts on which, as far as the data have them
     */
    Readout readout(int slot, Member member, Parameters reported, CompressionRatio target, Set<Part> parts) {
        return new Readout(
                target,
                reported,
                member.best() == null ? member.epochs() : member.bestEpochs(),
                member.reportedPhaseEpochs(),
                member.earlyStopStep(),
                evaluation(slot, Part.TRAINING, parts),
                evaluation(slot, Part.VALIDATION, parts),
                evaluation(slot, Part.TEST, parts),
                member.trainSeconds());
    }

    /** Null if it is not asked for or has no examples. */
    private Evaluation evaluation(int slot, Part part, Set<Part> parts) {
        return parts.contains(part) && data.count(part) > 0 ? evaluate(part).get(slot) : null;
    }

    private void chunk(Pass pass, Part part, int first) {
        backend.range(first, pass.indices());
        inputs.gather(data.pixels(part), pass);
        backend.gatherLabels(data.labels(part), pass.indices(), pass.labels());
        network.forward(pass, DropoutPlan.NONE);
        backend.countErrors(pass.outputs(), pass.labels(), errors);
        network.loss(pass, loss);
    }

    @Override
    public void close() {
        inputs.close();
        errors.close();
        loss.close();
        passes.values().forEach(Pass::close);
    }
}
