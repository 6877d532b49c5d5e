package io.espalier.train;

import io.espalier.backend.Backend;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.DropoutPlan;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.List;

/** What the members of a cohort drop: their rates, and which units of the whole network they still have. */
final class Drops implements AutoCloseable {
    private final Backend backend;
    private final Tensor keys;
    private final Tensor steps;
    private final Tensor inputRates;
    private final Tensor hiddenRates;

    /** Which units the rows of each hidden layer are; empty while nobody has lost any. */
    private final List<Tensor> units = new ArrayList<>();

    private final float[] scalar = new float[1];
    private DropoutPlan plan = DropoutPlan.NONE;

    /**
     * Nothing is dropped yet.
     *
     * @param keys (R, 1, 2) I32, seeds
     * @param steps (R, 1, 1) I32
     */
    Drops(Backend backend, NetworkSpec network, List<Member> members, Tensor keys, Tensor steps) {
        this.backend = backend;
        this.keys = keys;
        this.steps = steps;
        this.inputRates = backend.zeros(ElementType.REAL, Shape.scalars(members.size()));
        this.hiddenRates = backend.zeros(ElementType.REAL, Shape.scalars(members.size()));
        if (members.stream().allMatch(member -> member.units().areAll())) {
            return;
        }
        for (int layer = 0; layer < network.layers() - 1; layer++) {
            int width = network.outputs(layer);
            Tensor ofLayer = backend.zeros(ElementType.I32, new Shape(members.size(), width, 1));
            for (int slot = 0; slot < members.size(); slot++) {
                backend.write(ofLayer, slot, members.get(slot).units().numbers(layer, width));
            }
            units.add(ofLayer);
        }
    }

    /** Takes over a member's settings for its phase. */
    void configure(int slot, TrainingSettings settings) {
        scalar[0] = (float) settings.inputDropout();
        backend.write(inputRates, slot, scalar);
        scalar[0] = (float) settings.hiddenDropout();
        backend.write(hiddenRates, slot, scalar);
        plan = new DropoutPlan(
                dropout(inputRates, Stream.DROPOUT.at(0)), dropout(hiddenRates, Stream.DROPOUT.at(1)), true, units);
    }

    private Dropout dropout(Tensor rates, int stream) {
        for (int slot = 0; slot < rates.shape().members(); slot++) {
            if (backend.doubles(rates, slot)[0] > 0) {
                return new Dropout(keys, steps, rates, stream);
            }
        }
        return Dropout.NONE;
    }

    /** What a training pass drops. */
    DropoutPlan plan() {
        return plan;
    }

    @Override
    public void close() {
        inputRates.close();
        hiddenRates.close();
        units.forEach(Tensor::close);
    }
}
