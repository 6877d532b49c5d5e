package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.Tensor;
import io.espalier.backend.cuda.peers.Cublas;
import io.espalier.bench.Candidate.Prepared;
import java.util.ArrayList;
import java.util.List;

/** The three products of a layer with its weights as a matrix; each has a counterpart for weights in other forms. */
enum DenseOp {
    FORWARD("linear") {
        @Override
        int sum(Size size) {
            return size.inputs();
        }

        @Override
        Prepared prepared(Operands operands, Size size, Weights weights, Product product) {
            Tensor w = weights.of(operands);
            Tensor x = operands.reals("x", size.inputs(), size.batch());
            Tensor z = operands.output("z", size.outputs(), size.batch());
            return new Prepared(() -> product.multiply(w, x, z), "z");
        }

        @Override
        Product by(Backend backend) {
            return backend::linear;
        }

        @Override
        Product by(Cublas cublas) {
            return cublas::linear;
        }
    },
    INPUT_GRADIENT("linearInputGradient") {
        @Override
        int sum(Size size) {
            return size.outputs();
        }

        @Override
        Prepared prepared(Operands operands, Size size, Weights weights, Product product) {
            Tensor w = weights.of(operands);
            Tensor dz = operands.reals("dz", size.outputs(), size.batch());
            Tensor dx = operands.output("dx", size.inputs(), size.batch());
            return new Prepared(() -> product.multiply(w, dz, dx), "dx");
        }

        @Override
        Product by(Backend backend) {
            return backend::linearInputGradient;
        }

        @Override
        Product by(Cublas cublas) {
            return cublas::linearInputGradient;
        }
    },
    WEIGHT_GRADIENT("linearWeightGradient") {
        @Override
        int sum(Size size) {
            return size.batch();
        }

        @Override
        Prepared prepared(Operands operands, Size size, Weights weights, Product product) {
            Tensor dz = operands.reals("dz", size.outputs(), size.batch());
            Tensor x = operands.reals("x", size.inputs(), size.batch());
            Tensor dw = operands.output("dw", size.outputs(), size.inputs());
            return new Prepared(() -> product.multiply(dz, x, dw), "dw");
        }

        @Override
        Product by(Backend backend) {
            return backend::linearWeightGradient;
        }

        @Override
        Product by(Cublas cublas) {
            return cublas::linearWeightGradient;
        }
    };

    private final String op;

    DenseOp(String op) {
        this.op = op;
    }

    /** Left and right factor, and where the product goes, in the order of the op's arguments. */
    interface Product {
        void multiply(Tensor left, Tensor right, Tensor out);
    }

    /** (O, I) weights as a matrix. */
    interface Weights {
        Tensor of(Operands operands);
    }

    /** The op of the backend. */
    String op() {
        return op;
    }

    /** How many products are added up to a number of the result. */
    abstract int sum(Size size);

    /** Ready to run on operands. */
    abstract Prepared prepared(Operands operands, Size size, Weights weights, Product product);

    abstract Product by(Backend backend);

    abstract Product by(Cublas cublas);

    /** Plain weights, called w. */
    static Weights plain(Size size) {
        return operands -> operands.reals("w", size.outputs(), size.inputs());
    }

    /** The op on matrices: two operands in, one out, each element of one meets the batch. */
    static Work work(Size size) {
        double weights = size.weights();
        double activations = (double) (size.outputs() + size.inputs()) * size.batch();
        return new Work(
                2 * size.members() * weights * size.batch(),
                (double) Float.BYTES * size.members() * (weights + activations));
    }

    /** The backend's own and every library's, with weights of any origin. */
    List<Candidate> candidates(Rig rig, Size size, Weights weights, String own, Role ownRole, Role others) {
        List<Candidate> all = new ArrayList<>();
        all.add(new Candidate(
                own,
                ownRole,
                Precision.FP32,
                work(size),
                operands -> prepared(operands, size, weights, by(operands.backend()))));
        for (Rig.DensePeer peer : rig.densePeers()) {
            all.add(new Candidate(
                    peer.name(),
                    others,
                    peer.precision(),
                    work(size),
                    operands -> prepared(operands, size, weights, by(peer.library()))));
        }
        return all;
    }
}
