package io.espalier.backend;

import java.util.List;

/** What the ops demand of their operands. Every backend asks here at its door; behind it the code trusts its arguments. */
public final class Preconditions {
    private Preconditions() {}

    public static void view(Tensor tensor, Shape shape) {
        Shape own = tensor.shape();
        if (own.members() != shape.members() || own.perMember() != shape.perMember()) {
            throw new IllegalArgumentException(
                    "view: " + own + " cannot be seen as " + shape + ", which has other members or elements");
        }
    }

    public static void write(Tensor to, ElementType type, int length) {
        if (to.type() != type || to.shape().perMember() != length) {
            throw new IllegalArgumentException(
                    "write: " + length + " values of " + type + " into " + to.type() + " " + to.shape());
        }
    }

    public static void advance(Tensor counter) {
        is("advance", "counter", counter, ElementType.I32, counter.shape().members(), 1, 1);
    }

    public static void lookUp(Tensor table, Tensor counter, Tensor out) {
        int members = out.shape().members();
        is("lookUp", "table", table, ElementType.REAL, members, 1, table.shape().columns());
        is("lookUp", "counter", counter, ElementType.I32, members, 1, 1);
        is("lookUp", "out", out, ElementType.REAL, members, 1, 1);
    }

    public static void range(Tensor indices) {
        is(
                "range",
                "indices",
                indices,
                ElementType.I32,
                indices.shape().members(),
                1,
                indices.shape().columns());
    }

    public static void batchIndices(Tensor keys, Tensor step, int examples, int batchSize, Tensor indices) {
        int members = indices.shape().members();
        is("batchIndices", "keys", keys, ElementType.I32, members, 1, 2);
        is("batchIndices", "step", step, ElementType.I32, members, 1, 1);
        is(
                "batchIndices",
                "indices",
                indices,
                ElementType.I32,
                members,
                1,
                indices.shape().columns());
        if (batchSize < 1 || indices.shape().columns() > batchSize || batchSize > examples) {
            throw new IllegalArgumentException("batchIndices: batch of "
                    + indices.shape().columns() + " out of " + batchSize + " from " + examples + " examples");
        }
    }

    public static void gather(Tensor data, Tensor indices, Tensor out) {
        int members = out.shape().members();
        is(
                "gather",
                "data",
                data,
                ElementType.U8,
                1,
                data.shape().rows(),
                out.shape().rows());
        is(
                "gather",
                "indices",
                indices,
                ElementType.I32,
                members,
                1,
                out.shape().columns());
        is("gather", "out", out, ElementType.REAL, out.shape());
    }

    public static void gatherLabels(Tensor labels, Tensor indices, Tensor out) {
        is(
                "gatherLabels",
                "labels",
                labels,
                ElementType.I32,
                1,
                1,
                labels.shape().columns());
        is("gatherLabels", "indices", indices, ElementType.I32, out.shape());
        is(
                "gatherLabels",
                "out",
                out,
                ElementType.I32,
                out.shape().members(),
                1,
                out.shape().columns());
    }

    public static void linear(String op, Tensor w, Tensor x, Tensor z) {
        int members = w.shape().members();
        int batch = x.shape().columns();
        is(op, "weights", w, ElementType.REAL, w.shape());
        is(op, "inputs", x, ElementType.REAL, members, w.shape().columns(), batch);
        is(op, "outputs", z, ElementType.REAL, members, w.shape().rows(), batch);
    }

    public static void sparse(String op, SparsePattern pattern, Tensor values, Tensor x, Tensor z) {
        int members = values.shape().members();
        int batch = x.shape().columns();
        is(op, "values", values, ElementType.REAL, members, 1, pattern.capacity());
        is(op, "inputs", x, ElementType.REAL, members, pattern.inputs(), batch);
        is(op, "outputs", z, ElementType.REAL, members, pattern.outputs(), batch);
        is(op, "pattern", pattern.columns(), ElementType.I32, values.shape());
    }

    public static void linearInputCurvature(Tensor w, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        String op = "linearInputCurvature";
        linear(op, w, hx, hz);
        if (together(op, dz, dx)) {
            linear(op, w, dx, dz);
        }
    }

    public static void linearWeightCurvature(Tensor dz, Tensor hz, Tensor x, Tensor dw, Tensor hw) {
        String op = "linearWeightCurvature";
        linear(op, hw, x, hz);
        if (together(op, dz, dw)) {
            linear(op, dw, x, dz);
        }
    }

    public static void sparseInputCurvature(
            SparsePattern pattern, Tensor values, Tensor dz, Tensor hz, Tensor dx, Tensor hx) {
        String op = "sparseInputCurvature";
        sparse(op, pattern, values, hx, hz);
        if (together(op, dz, dx)) {
            sparse(op, pattern, values, dx, dz);
        }
    }

    public static void sparseWeightCurvature(
            SparsePattern pattern, Tensor dz, Tensor hz, Tensor x, Tensor dvalues, Tensor hvalues) {
        String op = "sparseWeightCurvature";
        sparse(op, pattern, hvalues, x, hz);
        if (together(op, dz, dvalues)) {
            sparse(op, pattern, dvalues, x, dz);
        }
    }

    /** Whether the gradient's half is wanted; one operand alone is a mistake. */
    private static boolean together(String op, Tensor in, Tensor out) {
        if ((in == null) != (out == null)) {
            throw new IllegalArgumentException(op + ": both gradients or neither");
        }
        return in != null;
    }

    public static void activationCurvature(Tensor a, Tensor da, Tensor ha) {
        sameReal("activationCurvature", a, ha);
        if (da != null) {
            sameReal("activationCurvature", a, da);
        }
    }

    public static void hashIndices(int[] buckets, Tensor index) {
        is("hashIndices", "index", index, ElementType.I32, index.shape());
        members("hashIndices", buckets.length, index);
        for (int count : buckets) {
            between("hashIndices", "buckets", count, 1, (1 << 30) - 1);
        }
    }

    public static void buckets(String op, Tensor buckets, Tensor index, Tensor virtual) {
        int members = virtual.shape().members();
        is(op, "virtual", virtual, ElementType.REAL, virtual.shape());
        is(op, "index", index, ElementType.I32, virtual.shape());
        is(op, "buckets", buckets, ElementType.REAL, members, 1, buckets.shape().columns());
    }

    public static void lowRank(
            String op, int[] ranks, Tensor fixed, Tensor learned, Tensor x, Tensor hidden, Tensor z) {
        int members = hidden.shape().members();
        int capacity = hidden.shape().rows();
        int batch = hidden.shape().columns();
        lowRank(op, ranks, learned, hidden, z);
        is(op, "fixed", fixed, ElementType.REAL, members, capacity, x.shape().rows());
        is(op, "inputs", x, ElementType.REAL, members, x.shape().rows(), batch);
    }

    public static void lowRank(String op, int[] ranks, Tensor learned, Tensor hidden, Tensor z) {
        int members = hidden.shape().members();
        int capacity = hidden.shape().rows();
        int batch = hidden.shape().columns();
        is(op, "hidden", hidden, ElementType.REAL, hidden.shape());
        is(
                op,
                "learned",
                learned,
                ElementType.REAL,
                members,
                capacity,
                z.shape().rows());
        is(op, "outputs", z, ElementType.REAL, members, z.shape().rows(), batch);
        members(op, ranks.length, hidden);
        for (int rank : ranks) {
            between(op, "rank", rank, 1, capacity);
        }
    }

    public static void bias(String op, Tensor z, Tensor bias) {
        is(op, "z", z, ElementType.REAL, z.shape());
        is(op, "bias", bias, ElementType.REAL, z.shape().members(), z.shape().rows(), 1);
    }

    public static void dropout(String op, Tensor x, Dropout dropout) {
        is(op, "x", x, ElementType.REAL, x.shape());
        if (dropout.isActive()) {
            int members = x.shape().members();
            is(op, "keys", dropout.keys(), ElementType.I32, members, 1, 2);
            is(op, "step", dropout.step(), ElementType.I32, members, 1, 1);
            is(op, "rate", dropout.rate(), ElementType.REAL, members, 1, 1);
            if (dropout.units() != null) {
                is(
                        op,
                        "units",
                        dropout.units(),
                        ElementType.I32,
                        members,
                        x.shape().rows(),
                        1);
            }
        }
    }

    public static void loss(String op, Tensor outputs, Tensor labels, Tensor gradient, Tensor loss) {
        sameReal(op, outputs, gradient);
        is(
                op,
                "labels",
                labels,
                ElementType.I32,
                outputs.shape().members(),
                1,
                outputs.shape().columns());
        is(op, "loss", loss, ElementType.REAL, outputs.shape().members(), 1, 1);
    }

    public static void gatherColumns(Tensor table, Tensor indices, Tensor out) {
        String op = "gatherColumns";
        int members = out.shape().members();
        is(op, "out", out, ElementType.REAL, out.shape());
        is(
                op,
                "table",
                table,
                ElementType.REAL,
                members,
                out.shape().rows(),
                table.shape().columns());
        is(op, "indices", indices, ElementType.I32, members, 1, out.shape().columns());
    }

    public static void distill(
            Tensor z, Tensor labels, Tensor teacher, Tensor temperature, Tensor weight, Tensor dz, Tensor loss) {
        String op = "distill";
        loss(op, z, labels, dz, loss);
        sameReal(op, z, teacher);
        is(op, "temperature", temperature, ElementType.REAL, z.shape().members(), 1, 1);
        is(op, "weight", weight, ElementType.REAL, z.shape().members(), 1, 1);
    }

    public static void countErrors(Tensor outputs, Tensor labels, Tensor errors) {
        is("countErrors", "outputs", outputs, ElementType.REAL, outputs.shape());
        is(
                "countErrors",
                "labels",
                labels,
                ElementType.I32,
                outputs.shape().members(),
                1,
                outputs.shape().columns());
        is("countErrors", "errors", errors, ElementType.I32, outputs.shape().members(), 1, 1);
    }

    public static void sgd(String op, Tensor w, Tensor g, Tensor v, SgdRates rates) {
        sameReal(op, w, g);
        sameReal(op, w, v);
        int members = w.shape().members();
        is(op, "learning rate", rates.learningRate(), ElementType.REAL, members, 1, 1);
        is(op, "momentum", rates.momentum(), ElementType.REAL, members, 1, 1);
        is(op, "l1", rates.l1(), ElementType.REAL, members, 1, 1);
        is(op, "l2", rates.l2(), ElementType.REAL, members, 1, 1);
    }

    public static void mask(String op, Tensor x, Tensor mask) {
        is(op, "x", x, ElementType.REAL, x.shape());
        is(op, "mask", mask, ElementType.U8, x.shape());
    }

    public static void sameReal(String op, Tensor a, Tensor b) {
        is(op, "first", a, ElementType.REAL, a.shape());
        is(op, "second", b, ElementType.REAL, a.shape());
    }

    public static void uniform(Tensor keys, Tensor step, Tensor positions, Tensor out) {
        int members = out.shape().members();
        is("uniform", "keys", keys, ElementType.I32, members, 1, 2);
        is("uniform", "step", step, ElementType.I32, members, 1, 1);
        is("uniform", "positions", positions, ElementType.I32, out.shape());
        is("uniform", "out", out, ElementType.REAL, out.shape());
    }

    public static void pruneLowest(List<Tensor> saliencies, List<Tensor> masks, int[] keep) {
        if (saliencies.isEmpty() || saliencies.size() != masks.size()) {
            throw new IllegalArgumentException(
                    "pruneLowest: " + saliencies.size() + " saliencies for " + masks.size() + " masks");
        }
        for (int i = 0; i < masks.size(); i++) {
            mask("pruneLowest", saliencies.get(i), masks.get(i));
            if (masks.get(i).shape().members() != keep.length) {
                throw new IllegalArgumentException("pruneLowest: " + keep.length + " counts for members of "
                        + masks.get(i).shape());
            }
        }
    }

    private static void members(String op, int counts, Tensor tensor) {
        if (counts != tensor.shape().members()) {
            throw new IllegalArgumentException(op + ": " + counts + " counts for members of " + tensor.shape());
        }
    }

    static void between(String op, String operand, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    op + ": " + operand + " is " + value + ", expected " + least + " to " + most);
        }
    }

    static void is(String op, String operand, Tensor tensor, ElementType type, Shape shape) {
        if (tensor.type() != type || !tensor.shape().equals(shape)) {
            throw new IllegalArgumentException(op + ": " + operand + " is " + tensor.type() + " " + tensor.shape()
                    + ", expected " + type + " " + shape);
        }
    }

    /** The same without a shape that only an error message needs: this is asked many times in every step. */
    static void is(String op, String operand, Tensor tensor, ElementType type, int members, int rows, int columns) {
        Shape shape = tensor.shape();
        if (tensor.type() != type || shape.members() != members || shape.rows() != rows || shape.columns() != columns) {
            is(op, operand, tensor, type, new Shape(members, rows, columns));
        }
    }
}
