package io.espalier.backend.cpu;

import io.espalier.backend.HostTensors;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Gradient descent with momentum, penalties and, if there is one, the mask, in one pass over the weights. */
final class Sgd {
    void apply(Tensor w, Tensor g, Tensor v, Tensor mask, SgdRates rates) {
        for (int r = 0; r < w.shape().members(); r++) {
            float learningRate = Reals.scalar(rates.learningRate(), r);
            float momentum = Reals.scalar(rates.momentum(), r);
            float l1 = Reals.scalar(rates.l1(), r);
            float l2 = Reals.scalar(rates.l2(), r);
            float[] weights = Reals.of(w, r);
            float[] gradients = Reals.of(g, r);
            float[] velocities = Reals.of(v, r);
            byte[] alive = mask == null ? null : HostTensors.bytes(mask, r);
            int done = alive == null || Lanes.BYTES_FIT
                    ? vectors(weights, gradients, velocities, alive, learningRate, momentum, l1, l2)
                    : 0;
            for (int i = done; i < weights.length; i++) {
                boolean dead = alive != null && alive[i] == 0;
                float gradient = Math.fma(l1, Math.signum(weights[i]), Math.fma(l2, weights[i], gradients[i]));
                float velocity = Math.fma(momentum, velocities[i], gradient);
                velocities[i] = dead ? 0f : velocity;
                weights[i] = dead ? 0f : Math.fma(-learningRate, velocity, weights[i]);
            }
        }
    }

    private static int vectors(
            float[] weights,
            float[] gradients,
            float[] velocities,
            byte[] alive,
            float learningRate,
            float momentum,
            float l1,
            float l2) {
        FloatVector rate = FloatVector.broadcast(Lanes.FLOATS, -learningRate);
        FloatVector m = FloatVector.broadcast(Lanes.FLOATS, momentum);
        FloatVector decay = FloatVector.broadcast(Lanes.FLOATS, l2);
        FloatVector up = FloatVector.broadcast(Lanes.FLOATS, l1);
        int i = 0;
        for (; i <= weights.length - Lanes.WIDTH; i += Lanes.WIDTH) {
            FloatVector weight = FloatVector.fromArray(Lanes.FLOATS, weights, i);
            FloatVector gradient = weight.fma(decay, FloatVector.fromArray(Lanes.FLOATS, gradients, i));
            if (l1 != 0) {
                gradient = gradient.add(up, weight.compare(VectorOperators.GT, 0f))
                        .sub(up, weight.compare(VectorOperators.LT, 0f));
            }
            FloatVector velocity =
                    FloatVector.fromArray(Lanes.FLOATS, velocities, i).fma(m, gradient);
            FloatVector moved = velocity.fma(rate, weight);
            if (alive != null) {
                VectorMask<Float> dead = Lanes.unsigned(alive, i).compare(VectorOperators.EQ, 0f);
                velocity = velocity.blend(0f, dead);
                moved = moved.blend(0f, dead);
            }
            velocity.intoArray(velocities, i);
            moved.intoArray(weights, i);
        }
        return i;
    }
}
