package io.espalier.backend.contract;

import io.espalier.backend.Augmentation;
import io.espalier.backend.Backend;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.Moments;
import io.espalier.backend.SgdRates;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Copies of one op's operands in another backend's memory. */
final class Mirror implements AutoCloseable {
    private final Backend from;
    private final Backend to;
    private final Map<Tensor, Tensor> constants;
    private final boolean absolute;
    private final Map<Tensor, Tensor> copies = new IdentityHashMap<>();
    private final List<Tensor> owned = new ArrayList<>();

    /**
     * Copies that are yet to be made.
     *
     * @param constants tensors that need no copy, because both backends have them
     * @param absolute whether real numbers are replaced by their absolute values, to find the scale S of a sum
     */
    Mirror(Backend from, Backend to, Map<Tensor, Tensor> constants, boolean absolute) {
        this.from = from;
        this.to = to;
        this.constants = constants;
        this.absolute = absolute;
    }

    /** The copy, made when first asked for, or null for null: an op must mention its in-place operands before it runs. */
    Tensor of(Tensor tensor) {
        if (tensor == null) {
            return null;
        }
        Tensor constant = constants.get(tensor);
        return constant == null ? copies.computeIfAbsent(tensor, this::copy) : constant;
    }

    /** Entries of virtual matrices; no signs in the absolute run. */
    Tensor ofEntries(Tensor index) {
        Tensor copy = of(index);
        for (int r = 0; absolute && r < index.shape().members(); r++) {
            int[] entries = from.ints(index, r);
            for (int i = 0; i < entries.length; i++) {
                entries[i] &= ~1;
            }
            to.write(copy, r, entries);
        }
        return copy;
    }

    /** What the op subtracts is added in the absolute run, so that its result bounds the sum's terms. */
    Tensor ofSubtracted(Tensor tensor) {
        Tensor copy = of(tensor);
        for (int r = 0; absolute && r < tensor.shape().members(); r++) {
            float[] values = from.floats(tensor, r);
            for (int i = 0; i < values.length; i++) {
                values[i] = -Math.abs(values[i]);
            }
            to.write(copy, r, values);
        }
        return copy;
    }

    Moments of(Moments moments) {
        return new Moments(ofSubtracted(moments.mean()), of(moments.variance()), moments.epsilon());
    }

    /** A factor that comes from the host. */
    double of(double factor) {
        return absolute ? Math.abs(factor) : factor;
    }

    private Tensor copy(Tensor tensor) {
        Tensor copy = to.zeros(tensor.type(), tensor.shape());
        owned.add(copy);
        for (int r = 0; r < tensor.shape().members(); r++) {
            if (tensor.type() == ElementType.I32) {
                to.write(copy, r, from.ints(tensor, r));
            } else if (tensor.type() == ElementType.U8) {
                to.write(copy, r, from.bytes(tensor, r));
            } else {
                to.write(copy, r, reals(tensor, r));
            }
        }
        return copy;
    }

    private float[] reals(Tensor tensor, int member) {
        float[] values = from.floats(tensor, member);
        if (absolute) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.abs(values[i]);
            }
        }
        return values;
    }

    Dropout of(Dropout dropout) {
        return dropout.isActive()
                ? new Dropout(
                        of(dropout.keys()),
                        of(dropout.step()),
                        of(dropout.rate()),
                        of(dropout.units()),
                        dropout.stream())
                : Dropout.NONE;
    }

    Augmentation of(Augmentation augmentation) {
        return new Augmentation(
                of(augmentation.keys()),
                of(augmentation.step()),
                augmentation.shift(),
                augmentation.mirrored(),
                augmentation.stream());
    }

    /** What a step subtracts is added in the absolute run, so that its result bounds the sum's terms. */
    SgdRates of(SgdRates rates) {
        Tensor learningRate = of(rates.learningRate());
        if (absolute) {
            for (int r = 0; r < learningRate.shape().members(); r++) {
                to.write(learningRate, r, new float[] {-Math.abs(to.floats(learningRate, r)[0])});
            }
        }
        return new SgdRates(learningRate, of(rates.momentum()), of(rates.l1()), of(rates.l2()));
    }

    SparsePattern of(SparsePattern pattern) {
        return new SparsePattern(
                pattern.outputs(),
                pattern.inputs(),
                pattern.capacity(),
                of(pattern.rowStarts()),
                of(pattern.columns()),
                of(pattern.columnStarts()),
                of(pattern.rows()),
                of(pattern.order()),
                of(pattern.positions()));
    }

    List<Tensor> of(List<Tensor> tensors) {
        return tensors.stream().map(this::of).toList();
    }

    @Override
    public void close() {
        owned.forEach(Tensor::close);
    }
}
