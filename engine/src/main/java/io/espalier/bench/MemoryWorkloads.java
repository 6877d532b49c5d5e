package io.espalier.bench;

import io.espalier.backend.SgdRates;
import io.espalier.backend.Tensor;
import io.espalier.backend.contract.Tolerance;
import io.espalier.bench.Candidate.Prepared;
import io.espalier.bench.Candidate.Setup;
import java.util.List;

/** What moves numbers rather than multiplying them: only the roof to compare with. */
final class MemoryWorkloads {
    private static final int EXAMPLES = 60_000;

    private MemoryWorkloads() {}

    /** A step of the optimiser on a layer's weights. */
    static Workload sgd(Size size) {
        double numbers = (double) size.members() * size.weights();
        // Reads weight, gradient and velocity, writes weight and velocity.
        return alone("sgd", size, new Work(8 * numbers, 5 * Float.BYTES * numbers), new Tolerance.Sum(5), operands -> {
            Tensor w = operands.changing("w", size.outputs(), size.inputs());
            Tensor g = operands.reals("g", size.outputs(), size.inputs());
            Tensor v = operands.changing("v", size.outputs(), size.inputs());
            SgdRates rates = new SgdRates(
                    operands.subtracted("learning rate", 1, 1, 1e-3),
                    operands.constant("momentum", 1, 1, 0.9),
                    operands.constant("l1", 1, 1, 1e-5),
                    operands.constant("l2", 1, 1, 5e-4));
            return new Prepared(() -> operands.backend().sgd(w, g, v, rates), "w", "v");
        });
    }

    /** A batch out of a data set in bytes. */
    static Workload gather(Size size) {
        double pixels = (double) size.members() * size.inputs() * size.batch();
        double bytes = pixels * (1 + Float.BYTES) + Integer.BYTES * (double) size.members() * size.batch();
        Tolerance tolerance = new Tolerance.Stated(2, 0, "a product with the rounded 1/255 is rounded");
        return alone("gather", size, new Work(pixels, bytes), tolerance, operands -> {
            Tensor data = operands.sharedBytes("pixels", EXAMPLES, size.inputs());
            Tensor indices = operands.ints("indices", 1, size.batch(), EXAMPLES);
            Tensor out = operands.output("out", size.inputs(), size.batch());
            return new Prepared(() -> operands.backend().gather(data, indices, out), "out");
        });
    }

    private static Workload alone(String op, Size size, Work work, Tolerance tolerance, Setup setup) {
        Candidate own = new Candidate("espalier", Role.SUBJECT, Precision.FP32, work, setup);
        return new Workload(op, size, work, tolerance, setup, List.of(own));
    }
}
