package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import io.espalier.backend.contract.Tolerance;
import io.espalier.bench.Candidate.Prepared;
import io.espalier.bench.Candidate.Setup;
import java.util.ArrayList;
import java.util.List;

/** A layer whose weights share numbers, against the same layer with its weights spread out once and for all. */
final class HashedWorkloads {
    private static final String SUMS = "dbuckets";

    private final Rig rig;
    private final Size size;

    private HashedWorkloads(Rig rig, Size size) {
        this.rig = rig;
        this.size = size;
    }

    static List<Workload> of(Rig rig, Size size) {
        HashedWorkloads hashed = new HashedWorkloads(rig, size);
        return List.of(hashed.forward(), hashed.weightGradient(), hashed.expand(), hashed.reduce());
    }

    private Workload forward() {
        Setup own = this::product;
        Work useful = work(DenseOp.work(size).flops(), size.weights() + size.buckets() + activations());
        return new Workload(
                "expandBuckets + linear",
                size,
                useful,
                new Tolerance.Sum(size.inputs()),
                own,
                candidates("espalier hashed", useful, own, DenseOp.FORWARD, this::materialised));
    }

    private Workload weightGradient() {
        Setup own = operands -> {
            Prepared product = DenseOp.WEIGHT_GRADIENT.prepared(
                    operands, size, unused -> null, DenseOp.WEIGHT_GRADIENT.by(operands.backend()));
            return both(product, reduction(operands, operands.output("dw", size.outputs(), size.inputs())), SUMS, "dw");
        };
        Work useful = work(
                DenseOp.work(size).flops() + (double) size.members() * size.weights(),
                size.weights() + size.buckets() + activations());
        return new Workload(
                "linearWeightGradient + reduceToBuckets",
                size,
                useful,
                new Tolerance.Sum(size.batch() + most()),
                own,
                candidates("espalier hashed", useful, own, DenseOp.WEIGHT_GRADIENT, unused -> null));
    }

    private Workload expand() {
        Work useful = work(0, 2.0 * size.weights() + size.buckets());
        return alone("expandBuckets", useful, new Tolerance.Exact(), this::expansion);
    }

    private Workload reduce() {
        Work useful = work((double) size.members() * size.weights(), 2.0 * size.weights() + size.buckets());
        return alone(
                "reduceToBuckets",
                useful,
                new Tolerance.Sum(most()),
                operands -> reduction(operands, operands.reals("dw", size.outputs(), size.inputs())));
    }

    private Workload alone(String op, Work useful, Tolerance tolerance, Setup setup) {
        return new Workload(
                op,
                size,
                useful,
                tolerance,
                setup,
                List.of(new Candidate("espalier", Role.SUBJECT, Precision.FP32, useful, setup)));
    }

    /** Ours, and the product alone. */
    private List<Candidate> candidates(String name, Work issued, Setup own, DenseOp op, DenseOp.Weights weights) {
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(new Candidate(name, Role.SUBJECT, Precision.FP32, issued, own));
        candidates.addAll(op.candidates(rig, size, weights, rig.ownDense(), Role.BASELINE, Role.BASELINE));
        return candidates;
    }

    private Prepared expansion(Operands operands) {
        Backend backend = operands.backend();
        Tensor buckets = operands.reals("buckets", 1, size.buckets());
        Tensor index = operands.hashIndex("index");
        Tensor virtual = virtual(operands);
        return new Prepared(() -> backend.expandBuckets(buckets, index, virtual), "virtual");
    }

    private Prepared product(Operands operands) {
        Backend backend = operands.backend();
        Tensor buckets = operands.reals("buckets", 1, size.buckets());
        Tensor index = operands.hashIndex("index");
        Tensor x = operands.reals("x", size.inputs(), size.batch());
        Tensor virtual = virtual(operands);
        Tensor z = operands.output("z", size.outputs(), size.batch());
        return new Prepared(() -> backend.hashedLinear(buckets, index, x, virtual, z), "z");
    }

    private Prepared reduction(Operands operands, Tensor gradient) {
        Backend backend = operands.backend();
        Tensor index = operands.hashIndex("index");
        Tensor sums = operands.output(SUMS, 1, size.buckets());
        return new Prepared(() -> backend.reduceToBuckets(gradient, index, sums), SUMS);
    }

    private Tensor virtual(Operands operands) {
        return operands.output("virtual", size.outputs(), size.inputs());
    }

    /** The virtual matrix as it is kept by those who never make it again. */
    private Tensor materialised(Operands operands) {
        Tensor buckets = operands.reals("buckets", 1, size.buckets());
        Tensor index = operands.hashIndex("index");
        return operands.computed("materialised", size.outputs(), size.inputs(), matrix -> operands.backend()
                .expandBuckets(buckets, index, matrix));
    }

    private static Prepared both(Prepared first, Prepared second, String... outputs) {
        return new Prepared(
                () -> {
                    first.run().run();
                    second.run().run();
                },
                outputs);
    }

    private double activations() {
        return (double) (size.outputs() + size.inputs()) * size.batch();
    }

    /** A bound for the elements of a bucket: four times their mean number. */
    private int most() {
        return 4 * size.compression();
    }

    /** Of words of four bytes. */
    private Work work(double flops, double wordsOfAMember) {
        return new Work(flops, Float.BYTES * size.members() * wordsOfAMember);
    }
}
