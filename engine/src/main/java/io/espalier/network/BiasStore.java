package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;

/** How the biases of a linear map are stored. */
sealed interface BiasStore extends AutoCloseable {
    /** The biases of this pass, (R, O, 1). */
    Tensor values();

    /** Sets the parameter's gradient from dz (R, O, B). */
    void gradient(Tensor dz);

    /** What is trained and stored. */
    Parameter parameter();

    @Override
    void close();

    /** A number for every output. */
    record Dense(Backend backend, Parameter parameter) implements BiasStore {
        static Dense of(Backend backend, int members, int outputs) {
            Shape shape = new Shape(members, outputs, 1);
            return new Dense(
                    backend,
                    new Parameter(
                            backend.zeros(ElementType.REAL, shape),
                            backend.zeros(ElementType.REAL, shape),
                            null,
                            null,
                            null,
                            false));
        }

        @Override
        public Tensor values() {
            return parameter.value();
        }

        @Override
        public void gradient(Tensor dz) {
            backend.biasGradient(dz, parameter.gradient());
        }

        @Override
        public void close() {
            parameter.close();
        }
    }

    /** Outputs share the numbers of buckets. */
    record Hashed(Backend backend, HashedMatrix matrix) implements BiasStore {
        @Override
        public Tensor values() {
            return matrix.expanded();
        }

        @Override
        public void gradient(Tensor dz) {
            backend.biasGradient(dz, matrix.virtual());
            matrix.reduce();
        }

        @Override
        public Parameter parameter() {
            return matrix.parameter();
        }

        @Override
        public void close() {
            matrix.close();
        }
    }
}
