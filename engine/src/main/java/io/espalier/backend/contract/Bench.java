package io.espalier.backend.contract;

import io.espalier.backend.Backend;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Shape;
import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Where one case meets one backend: seeded inputs on the way in, named outputs on the way out. */
public final class Bench implements AutoCloseable {
    private final Backend backend;
    private final String caseId;
    private final boolean absolute;
    private final List<Tensor> tensors = new ArrayList<>();
    private final Map<String, double[]> outputs = new LinkedHashMap<>();

    /** @param absolute whether real inputs are replaced by their absolute values, to find the scale S of a sum */
    Bench(Backend backend, String caseId, boolean absolute) {
        this.backend = backend;
        this.caseId = caseId;
        this.absolute = absolute;
    }

    /** Runs a case on a backend and returns its outputs by name, members one after the other. */
    static Map<String, double[]> outputs(OpCase question, Backend backend, boolean absolute) {
        try (Bench bench = new Bench(backend, question.id(), absolute)) {
            question.body().accept(bench);
            return bench.outputs;
        }
    }

    Backend backend() {
        return backend;
    }

    /** Uniform on [-1, 1). */
    Tensor reals(String name, Shape shape) {
        return reals(name, shape, random -> 2 * random.nextDouble() - 1);
    }

    /** Multiples of 1/4 from -1 to 1: full of ties and zeros. */
    Tensor coarse(String name, Shape shape) {
        return reals(name, shape, random -> (random.nextInt(9) - 4) / 4.0);
    }

    /** Such multiples times a factor. */
    Tensor coarse(String name, Shape shape, double factor) {
        return reals(name, shape, random -> factor * (random.nextInt(9) - 4) / 4.0);
    }

    /** Uniform on [0, 1). */
    Tensor positives(String name, Shape shape) {
        return reals(name, shape, PhiloxSequence::nextDouble);
    }

    /** Uniform on [-1, 1), for what the op subtracts: in the absolute run it is added, so that the result bounds the sum's terms. */
    Tensor subtracted(String name, Shape shape) {
        Tensor tensor = reals(name, shape);
        for (int r = 0; absolute && r < shape.members(); r++) {
            float[] values = backend.floats(tensor, r);
            for (int i = 0; i < values.length; i++) {
                values[i] = -values[i];
            }
            backend.write(tensor, r, values);
        }
        return tensor;
    }

    /** A number that the op takes from the host. */
    double factor(double value) {
        return absolute ? Math.abs(value) : value;
    }

    private Tensor reals(String name, Shape shape, ToDoubleFunction<PhiloxSequence> draw) {
        Tensor tensor = zeros(ElementType.REAL, shape);
        for (int r = 0; r < shape.members(); r++) {
            PhiloxSequence random = random(name, r);
            float[] values = new float[shape.perMember()];
            for (int i = 0; i < values.length; i++) {
                float value = (float) draw.applyAsDouble(random);
                values[i] = absolute ? Math.abs(value) : value;
            }
            backend.write(tensor, r, values);
        }
        return tensor;
    }

    /** Integers 0 to bound - 1. */
    Tensor ints(String name, Shape shape, int bound) {
        Tensor tensor = zeros(ElementType.I32, shape);
        for (int r = 0; r < shape.members(); r++) {
            backend.write(tensor, r, randomInts(name, r, shape.perMember(), bound));
        }
        return tensor;
    }

    /** A read-only table of integers 0 to bound - 1. */
    Tensor table(String name, int length, int bound) {
        return keep(backend.constant(randomInts(name, 0, length, bound), new Shape(1, 1, length)));
    }

    /** Read-only random bytes. */
    Tensor pixels(String name, int rows, int columns) {
        byte[] values = new byte[rows * columns];
        PhiloxSequence random = random(name, 0);
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) random.nextInt();
        }
        return keep(backend.constant(values, new Shape(1, rows, columns)));
    }

    /** A mask with this share alive; different for every member. */
    Tensor mask(String name, Shape shape, double density) {
        Tensor tensor = zeros(ElementType.U8, shape);
        for (int r = 0; r < shape.members(); r++) {
            PhiloxSequence random = random(name, r);
            byte[] values = new byte[shape.perMember()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (byte) (random.nextDouble() < density ? 1 : 0);
            }
            backend.write(tensor, r, values);
        }
        return tensor;
    }

    /** Where a mask of this density has its weights; the caller closes it. */
    SparsePattern pattern(String name, Shape shape, double density) {
        Tensor mask = mask(name, shape, density);
        List<byte[]> masks = new ArrayList<>();
        for (int r = 0; r < shape.members(); r++) {
            masks.add(backend.bytes(mask, r));
        }
        return SparsePattern.of(backend, masks, shape.rows(), shape.columns());
    }

    /** Entries of virtual matrices, each member's below its own number of buckets; no signs in the absolute run. */
    Tensor entries(String name, Shape shape, int[] buckets) {
        Tensor tensor = zeros(ElementType.I32, shape);
        for (int r = 0; r < shape.members(); r++) {
            int[] entries = randomInts(name, r, shape.perMember(), 2 * buckets[r]);
            for (int i = 0; absolute && i < entries.length; i++) {
                entries[i] &= ~1;
            }
            backend.write(tensor, r, entries);
        }
        return tensor;
    }

    /** A seed for every member. */
    Tensor keys(int members) {
        return ints("keys", new Shape(members, 1, 2), Integer.MAX_VALUE);
    }

    /** A training step for every member. */
    Tensor steps(int members, int bound) {
        return ints("steps", Shape.scalars(members), bound);
    }

    /** Dropout with this rate, or none for 0. */
    Dropout dropout(int members, double rate) {
        if (rate == 0) {
            return Dropout.NONE;
        }
        Tensor rates = scalars(members, rate);
        return new Dropout(keys(members), steps(members, 100_000), rates, Stream.DROPOUT.at(3));
    }

    /** Dropout with this rate in a layer of which so many units are left, each member its own. */
    Dropout shrunkDropout(int members, int rows, double rate) {
        Dropout whole = dropout(members, rate);
        Tensor units = ints("units", new Shape(members, rows, 1), 100_000);
        return new Dropout(whole.keys(), whole.step(), whole.rate(), units, whole.stream());
    }

    /** Rates of a step; what is subtracted is added in the absolute run, so that its result bounds the sum's terms. */
    SgdRates rates(int members, double momentum, double l1, double l2) {
        return new SgdRates(
                scalars(members, absolute ? -0.1 : 0.1),
                scalars(members, momentum),
                scalars(members, l1),
                scalars(members, l2));
    }

    /** One number a member: the first has this, the next a half of it, a third of it, and so on. */
    Tensor scalars(int members, double value) {
        Tensor tensor = zeros(ElementType.REAL, Shape.scalars(members));
        for (int r = 0; r < members; r++) {
            backend.write(tensor, r, new float[] {(float) value / (r + 1)});
        }
        return tensor;
    }

    Tensor zeros(ElementType type, Shape shape) {
        return keep(backend.zeros(type, shape));
    }

    /** Names an output. */
    void output(String name, Tensor tensor) {
        int perMember = tensor.shape().perMember();
        double[] all = new double[tensor.shape().size()];
        for (int r = 0; r < tensor.shape().members(); r++) {
            System.arraycopy(values(tensor, r), 0, all, r * perMember, perMember);
        }
        outputs.put(name, all);
    }

    private double[] values(Tensor tensor, int member) {
        if (tensor.type() == ElementType.REAL) {
            return backend.doubles(tensor, member);
        }
        double[] values = new double[tensor.shape().perMember()];
        if (tensor.type() == ElementType.I32) {
            int[] ints = backend.ints(tensor, member);
            java.util.Arrays.setAll(values, i -> ints[i]);
        } else {
            byte[] bytes = backend.bytes(tensor, member);
            java.util.Arrays.setAll(values, i -> bytes[i]);
        }
        return values;
    }

    private int[] randomInts(String name, int member, int length, int bound) {
        PhiloxSequence random = random(name, member);
        int[] values = new int[length];
        java.util.Arrays.setAll(values, i -> random.nextInt(bound));
        return values;
    }

    private PhiloxSequence random(String name, int member) {
        long seed = (long) caseId.hashCode() << 32 | name.hashCode() & 0xFFFFFFFFL;
        return new PhiloxSequence(new Seed(seed), Stream.CONTRACT_INPUT.at(member));
    }

    private Tensor keep(Tensor tensor) {
        tensors.add(tensor);
        return tensor;
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::close);
    }
}
