package io.espalier.bench;

import io.espalier.backend.SparsePattern;
import io.espalier.backend.Tensor;
import io.espalier.backend.contract.Tolerance;
import io.espalier.backend.cuda.peers.Cusparse;
import io.espalier.backend.cuda.peers.Cusparse.Algorithm;
import io.espalier.backend.cuda.peers.Cusparse.Product;
import io.espalier.bench.Candidate.Prepared;
import io.espalier.bench.Candidate.Setup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A layer of which few weights are left, against the same layer as a matrix with zeros and against cuSPARSE. */
final class SparseWorkloads {
    /** A value and a column's or row's number. */
    private static final int ENTRY_BYTES = 8;

    private static final String WEIGHTS = "w";
    private static final String GRADIENT = "dw alive";

    private final Rig rig;
    private final Size size;

    private SparseWorkloads(Rig rig, Size size) {
        this.rig = rig;
        this.size = size;
    }

    static List<Workload> of(Rig rig, Size size) {
        SparseWorkloads sparse = new SparseWorkloads(rig, size);
        return List.of(sparse.forward(), sparse.inputGradient(), sparse.weightGradient());
    }

    private Workload forward() {
        Setup own = operands -> {
            SparsePattern pattern = operands.pattern();
            Tensor values = operands.alive(WEIGHTS);
            Tensor x = x(operands);
            Tensor z = operands.output("z", size.outputs(), size.batch());
            return new Prepared(() -> operands.backend().sparseLinear(pattern, values, x, z), "z");
        };
        List<Candidate> candidates = candidates(DenseOp.FORWARD, ENTRY_BYTES, own);
        rig.cusparse().ifPresent(cusparse -> {
            for (Algorithm algorithm : List.of(Algorithm.CSR_ALG1, Algorithm.CSR_ALG2, Algorithm.CSR_ALG3)) {
                candidates.add(peer(
                        "cusparse " + name(algorithm),
                        operands -> product(
                                operands,
                                cusparse.linear(
                                        algorithm,
                                        operands.pattern(),
                                        operands.alive(WEIGHTS),
                                        x(operands),
                                        operands.output("z", size.outputs(), size.batch())),
                                "z")));
            }
        });
        return workload("sparseLinear", DenseOp.FORWARD, ENTRY_BYTES, own, candidates);
    }

    private Workload inputGradient() {
        // Beside a value and a row, where the value is.
        int entryBytes = ENTRY_BYTES + Integer.BYTES;
        Setup own = operands -> {
            SparsePattern pattern = operands.pattern();
            Tensor values = operands.alive(WEIGHTS);
            Tensor dz = dz(operands);
            Tensor dx = dx(operands);
            return new Prepared(() -> operands.backend().sparseInputGradient(pattern, values, dz, dx), "dx");
        };
        List<Candidate> candidates = candidates(DenseOp.INPUT_GRADIENT, entryBytes, own);
        rig.cusparse().ifPresent(cusparse -> {
            candidates.add(peer(
                    "cusparse transposing",
                    operands -> product(
                            operands,
                            cusparse.inputGradient(
                                    Algorithm.DEFAULT,
                                    operands.pattern(),
                                    operands.alive(WEIGHTS),
                                    dz(operands),
                                    dx(operands)),
                            "dx")));
            candidates.add(peer(
                    "cusparse by columns " + name(Algorithm.CSR_ALG2),
                    operands -> product(
                            operands,
                            cusparse.inputGradientByColumns(
                                    Algorithm.CSR_ALG2,
                                    operands.pattern(),
                                    operands.aliveByColumns(WEIGHTS),
                                    dz(operands),
                                    dx(operands)),
                            "dx")));
        });
        return workload("sparseInputGradient", DenseOp.INPUT_GRADIENT, entryBytes, own, candidates);
    }

    private Workload weightGradient() {
        Setup own = operands -> {
            SparsePattern pattern = operands.pattern();
            Tensor dz = dz(operands);
            Tensor x = x(operands);
            Tensor gradient = operands.output(GRADIENT, 1, size.alive());
            return new Prepared(() -> operands.backend().sparseWeightGradient(pattern, dz, x, gradient), GRADIENT);
        };
        // The matrix of all gradients is what those who keep zeros make of it.
        Setup both = operands -> {
            Prepared sparse = own.on(operands);
            Prepared dense = DenseOp.WEIGHT_GRADIENT.prepared(
                    operands, size, unused -> null, DenseOp.WEIGHT_GRADIENT.by(operands.backend()));
            return new Prepared(
                    () -> {
                        sparse.run().run();
                        dense.run().run();
                    },
                    GRADIENT,
                    "dw");
        };
        List<Candidate> candidates = candidates(DenseOp.WEIGHT_GRADIENT, ENTRY_BYTES, own);
        rig.cusparse()
                .ifPresent(cusparse -> candidates.add(peer(
                        "cusparse sddmm",
                        operands -> product(
                                operands,
                                cusparse.weightGradient(
                                        operands.pattern(),
                                        dz(operands),
                                        x(operands),
                                        operands.output(GRADIENT, 1, size.alive())),
                                GRADIENT))));
        return workload("sparseWeightGradient", DenseOp.WEIGHT_GRADIENT, ENTRY_BYTES, both, candidates);
    }

    private Tensor x(Operands operands) {
        return operands.reals("x", size.inputs(), size.batch());
    }

    private Tensor dz(Operands operands) {
        return operands.reals("dz", size.outputs(), size.batch());
    }

    private Tensor dx(Operands operands) {
        return operands.output("dx", size.inputs(), size.batch());
    }

    /** Ours, and every dense product of the matrix with zeros. */
    private List<Candidate> candidates(DenseOp op, int entryBytes, Setup own) {
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(new Candidate("espalier sparse", Role.SUBJECT, Precision.FP32, work(entryBytes), own));
        candidates.addAll(
                op.candidates(rig, size, operands -> operands.pruned(WEIGHTS), rig.ownDense(), Role.PEER, Role.PEER));
        return candidates;
    }

    private Candidate peer(String name, Setup setup) {
        return new Candidate(name, Role.PEER, Precision.FP32, work(ENTRY_BYTES), setup);
    }

    private static Prepared product(Operands operands, Product product, String output) {
        operands.own(product, Cusparse.Product::close);
        return new Prepared(product, output);
    }

    private static String name(Algorithm algorithm) {
        return algorithm.name().toLowerCase(Locale.ROOT);
    }

    private Workload workload(String op, DenseOp dense, int entryBytes, Setup definition, List<Candidate> candidates) {
        return new Workload(op, size, work(entryBytes), new Tolerance.Sum(dense.sum(size)), definition, candidates);
    }

    /** The weights that are there, each with its place, where the rows begin, and the activations. */
    private Work work(int entryBytes) {
        double alive = size.alive();
        double activations = (double) (size.outputs() + size.inputs()) * size.batch();
        return new Work(
                2 * size.members() * alive * size.batch(),
                size.members()
                        * (entryBytes * alive + Integer.BYTES * (size.outputs() + 1.0) + Float.BYTES * activations));
    }
}
