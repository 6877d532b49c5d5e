package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import io.espalier.backend.contract.Tolerance;
import io.espalier.bench.Candidate.Prepared;
import io.espalier.bench.Candidate.Setup;
import io.espalier.bench.DenseOp.Product;
import java.util.ArrayList;
import java.util.List;

/**
 * Gradient and curvature of a layer in one pass, against the gradient alone, which is what the curvature's price is counted in, and
 * against two products and a square.
 */
final class CurvatureWorkloads {
    private final Rig rig;
    private final Size size;

    private CurvatureWorkloads(Rig rig, Size size) {
        this.rig = rig;
        this.size = size;
    }

    static List<Workload> of(Rig rig, Size size) {
        CurvatureWorkloads curvature = new CurvatureWorkloads(rig, size);
        return List.of(curvature.input(), curvature.weight());
    }

    private Workload input() {
        Setup own = operands -> {
            Backend backend = operands.backend();
            Tensor w = DenseOp.plain(size).of(operands);
            Tensor dz = outer(operands, "dz");
            Tensor hz = outer(operands, "hz");
            Tensor dx = operands.output("dx", size.inputs(), size.batch());
            Tensor hx = operands.output("hx", size.inputs(), size.batch());
            return new Prepared(() -> backend.linearInputCurvature(w, dz, hz, dx, hx), "dx", "hx");
        };
        return workload("linearInputCurvature", DenseOp.INPUT_GRADIENT, size.weights(), own, (operands, product) -> {
            Backend backend = operands.backend();
            Tensor w = DenseOp.plain(size).of(operands);
            Tensor squares = operands.output("w w", size.outputs(), size.inputs());
            Tensor hz = outer(operands, "hz");
            Tensor hx = operands.output("hx", size.inputs(), size.batch());
            Prepared gradient = DenseOp.INPUT_GRADIENT.prepared(operands, size, DenseOp.plain(size), product);
            return new Prepared(
                    () -> {
                        gradient.run().run();
                        backend.square(w, 1, squares);
                        product.multiply(squares, hz, hx);
                    },
                    "dx",
                    "hx");
        });
    }

    private Workload weight() {
        Setup own = operands -> {
            Backend backend = operands.backend();
            Tensor dz = outer(operands, "dz");
            Tensor hz = outer(operands, "hz");
            Tensor x = operands.reals("x", size.inputs(), size.batch());
            Tensor dw = operands.output("dw", size.outputs(), size.inputs());
            Tensor hw = operands.output("hw", size.outputs(), size.inputs());
            return new Prepared(() -> backend.linearWeightCurvature(dz, hz, x, dw, hw), "dw", "hw");
        };
        double squared = (double) size.inputs() * size.batch();
        return workload("linearWeightCurvature", DenseOp.WEIGHT_GRADIENT, squared, own, (operands, product) -> {
            Backend backend = operands.backend();
            Tensor x = operands.reals("x", size.inputs(), size.batch());
            Tensor squares = operands.output("x x", size.inputs(), size.batch());
            Tensor hz = outer(operands, "hz");
            Tensor hw = operands.output("hw", size.outputs(), size.inputs());
            Prepared gradient = DenseOp.WEIGHT_GRADIENT.prepared(operands, size, unused -> null, product);
            return new Prepared(
                    () -> {
                        gradient.run().run();
                        backend.square(x, 1, squares);
                        product.multiply(hz, squares, hw);
                    },
                    "dw",
                    "hw");
        });
    }

    private Tensor outer(Operands operands, String name) {
        return operands.reals(name, size.outputs(), size.batch());
    }

    /** Two products by somebody, and a square between them. */
    private interface Twice {
        Prepared by(Operands operands, Product product);
    }

    private Workload workload(String op, DenseOp gradient, double squared, Setup own, Twice twice) {
        Work one = DenseOp.work(size);
        Work useful = new Work(
                2 * one.flops() + size.members() * squared, 2 * one.bytes() - Float.BYTES * size.members() * squared);
        Work issued = new Work(
                2 * one.flops() + size.members() * squared,
                2 * one.bytes() + 2 * Float.BYTES * size.members() * squared);
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(new Candidate("espalier both", Role.SUBJECT, Precision.FP32, useful, own));
        candidates.add(new Candidate(
                rig.ownDense() + " gradient alone",
                Role.BASELINE,
                Precision.FP32,
                one,
                operands -> gradient.prepared(operands, size, DenseOp.plain(size), gradient.by(operands.backend()))));
        candidates.add(new Candidate(
                rig.ownDense() + " twice",
                Role.PEER,
                Precision.FP32,
                issued,
                operands -> twice.by(operands, gradient.by(operands.backend()))));
        for (Rig.DensePeer peer : rig.densePeers()) {
            candidates.add(new Candidate(
                    peer.name() + " twice",
                    Role.PEER,
                    peer.precision(),
                    issued,
                    operands -> twice.by(operands, gradient.by(peer.library()))));
        }
        // One rounding more than a product has: that of the square.
        return new Workload(op, size, useful, new Tolerance.Sum(gradient.sum(size) + 1), own, candidates);
    }
}
