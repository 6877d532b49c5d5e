package io.espalier.bench;

import io.espalier.backend.contract.Tolerance;
import java.util.ArrayList;
import java.util.List;

/** A layer whose weights are a matrix. */
final class DenseWorkloads {
    private DenseWorkloads() {}

    static List<Workload> of(Rig rig, Size size) {
        List<Workload> workloads = new ArrayList<>();
        for (DenseOp op : DenseOp.values()) {
            workloads.add(new Workload(
                    op.op(),
                    size,
                    DenseOp.work(size),
                    new Tolerance.Sum(op.sum(size)),
                    operands -> op.prepared(operands, size, DenseOp.plain(size), op.by(operands.backend())),
                    op.candidates(rig, size, DenseOp.plain(size), "espalier", Role.SUBJECT, Role.PEER)));
        }
        return workloads;
    }
}
