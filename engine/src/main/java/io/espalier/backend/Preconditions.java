package io.espalier.backend;

import java.util.List;

/** What the ops demand of their operands. Every backend asks here at its door; behind it the code trusts its arguments. */
public final class Preconditions {
    private Preconditions() {}

    public static void write(Tensor to, ElementType type, int length) {
        if (to.type() != type || to.shape().perMember() != length) {
            throw new IllegalArgumentException(
                    "write: " + length + " values of " + type + " into " + to.type() + " " + to.shape());
        }
    }

    public static void batchIndices(Tensor keys, Tensor step, int examples, int batchSize, Tensor indices) {
        int members = indices.shape().members();
        is("batchIndices", "keys", keys, ElementType.I32, new Shape(members, 1, 2));
        is("batchIndices", "step", step, ElementType.I32, Shape.scalars(members));
        is(
                "batchIndices",
                "indices",
                indices,
                ElementType.I32,
                new Shape(members, 1, indices.shape().columns()));
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
                new Shape(1, data.shape().rows(), out.shape().rows()));
        is(
                "gather",
                "indices",
                indices,
                ElementType.I32,
                new Shape(members, 1, out.shape().columns()));
        is("gather", "out", out, ElementType.REAL, out.shape());
    }

    public static void gatherLabels(Tensor labels, Tensor indices, Tensor out) {
        is(
                "gatherLabels",
                "labels",
                labels,
                ElementType.I32,
                new Shape(1, 1, labels.shape().columns()));
        is("gatherLabels", "indices", indices, ElementType.I32, out.shape());
        is(
                "gatherLabels",
                "out",
                out,
                ElementType.I32,
                new Shape(out.shape().members(), 1, out.shape().columns()));
    }

    public static void linear(String op, Tensor w, Tensor x, Tensor z) {
        int members = w.shape().members();
        int batch = x.shape().columns();
        is(op, "weights", w, ElementType.REAL, w.shape());
        is(op, "inputs", x, ElementType.REAL, new Shape(members, w.shape().columns(), batch));
        is(op, "outputs", z, ElementType.REAL, new Shape(members, w.shape().rows(), batch));
    }

    public static void sparse(String op, SparsePattern pattern, Tensor values, Tensor x, Tensor z) {
        int members = values.shape().members();
        int batch = x.shape().columns();
        is(op, "values", values, ElementType.REAL, new Shape(members, 1, pattern.capacity()));
        is(op, "inputs", x, ElementType.REAL, new Shape(members, pattern.inputs(), batch));
        is(op, "outputs", z, ElementType.REAL, new Shape(members, pattern.outputs(), batch));
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

    public static void bias(String op, Tensor z, Tensor bias) {
        is(op, "z", z, ElementType.REAL, z.shape());
        is(
                op,
                "bias",
                bias,
                ElementType.REAL,
                new Shape(z.shape().members(), z.shape().rows(), 1));
    }

    public static void dropout(String op, Tensor x, Dropout dropout) {
        is(op, "x", x, ElementType.REAL, x.shape());
        if (dropout.isActive()) {
            int members = x.shape().members();
            is(op, "keys", dropout.keys(), ElementType.I32, new Shape(members, 1, 2));
            is(op, "step", dropout.step(), ElementType.I32, Shape.scalars(members));
            is(op, "rate", dropout.rate(), ElementType.REAL, Shape.scalars(members));
        }
    }

    public static void loss(String op, Tensor outputs, Tensor labels, Tensor gradient, Tensor loss) {
        sameReal(op, outputs, gradient);
        is(
                op,
                "labels",
                labels,
                ElementType.I32,
                new Shape(outputs.shape().members(), 1, outputs.shape().columns()));
        is(op, "loss", loss, ElementType.REAL, Shape.scalars(outputs.shape().members()));
    }

    public static void countErrors(Tensor outputs, Tensor labels, Tensor errors) {
        is("countErrors", "outputs", outputs, ElementType.REAL, outputs.shape());
        is(
                "countErrors",
                "labels",
                labels,
                ElementType.I32,
                new Shape(outputs.shape().members(), 1, outputs.shape().columns()));
        is(
                "countErrors",
                "errors",
                errors,
                ElementType.I32,
                Shape.scalars(outputs.shape().members()));
    }

    public static void sgd(String op, Tensor w, Tensor g, Tensor v, SgdRates rates) {
        sameReal(op, w, g);
        sameReal(op, w, v);
        Shape scalars = Shape.scalars(w.shape().members());
        is(op, "learning rate", rates.learningRate(), ElementType.REAL, scalars);
        is(op, "momentum", rates.momentum(), ElementType.REAL, scalars);
        is(op, "l1", rates.l1(), ElementType.REAL, scalars);
        is(op, "l2", rates.l2(), ElementType.REAL, scalars);
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
        is("uniform", "keys", keys, ElementType.I32, new Shape(members, 1, 2));
        is("uniform", "step", step, ElementType.I32, Shape.scalars(members));
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

    private static void is(String op, String operand, Tensor tensor, ElementType type, Shape shape) {
        if (tensor.type() != type || !tensor.shape().equals(shape)) {
            throw new IllegalArgumentException(op + ": " + operand + " is " + tensor.type() + " " + tensor.shape()
                    + ", expected " + type + " " + shape);
        }
    }
}
