package io.espalier.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Learning from a teacher: the gradient is that of the loss, and the loss is what its extremes say. */
class DistillTest {
    private static final Shape SHAPE = new Shape(1, 5, 7);

    static Stream<Backend> backends() {
        return Stream.of(ReferenceBackend.open(), new CpuBackend());
    }

    /** What one call gives. */
    private record Answer(double loss, double[] gradient) {}

    private static Answer distill(Backend backend, float[] z, float[] teacher, float temperature, float weight) {
        Tensor labels = backend.zeros(ElementType.I32, new Shape(1, 1, SHAPE.columns()));
        backend.write(labels, 0, new int[] {0, 1, 2, 3, 4, 0, 1});
        Tensor dz = backend.zeros(ElementType.REAL, SHAPE);
        Tensor loss = backend.zeros(ElementType.REAL, Shape.scalars(1));
        backend.distill(
                tensor(backend, SHAPE, z),
                labels,
                tensor(backend, SHAPE, teacher),
                tensor(backend, Shape.scalars(1), temperature),
                tensor(backend, Shape.scalars(1), weight),
                dz,
                loss);
        return new Answer(backend.doubles(loss, 0)[0], backend.doubles(dz, 0));
    }

    private static Tensor tensor(Backend backend, Shape shape, float... values) {
        Tensor tensor = backend.zeros(ElementType.REAL, shape);
        backend.write(tensor, 0, values);
        return tensor;
    }

    private static float[] logits(int stream) {
        PhiloxSequence random = new PhiloxSequence(new Seed(5), stream);
        float[] values = new float[SHAPE.perMember()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (6 * random.nextDouble() - 3);
        }
        return values;
    }

    @Test
    void theGradientIsThatOfTheMeanLoss() {
        Backend reference = ReferenceBackend.open();
        float[] z = logits(1);
        float[] teacher = logits(2);
        Answer here = distill(reference, z, teacher, 3, 0.6f);
        // A power of two, so that the float32 logits take the step exactly.
        float step = 1f / 1024;
        for (int i = 0; i < z.length; i++) {
            float[] up = z.clone();
            float[] down = z.clone();
            up[i] = z[i] + step;
            down[i] = z[i] - step;
            double rise = distill(reference, up, teacher, 3, 0.6f).loss()
                    - distill(reference, down, teacher, 3, 0.6f).loss();
            double slope = rise / ((double) up[i] - down[i]) / SHAPE.columns();
            assertEquals(slope, here.gradient()[i], 1e-7, "logit " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aTeacherWhoSaysTheSameTeachesNothing(Backend backend) {
        Answer answer = distill(backend, logits(1), logits(1), 2, 1);
        assertEquals(0, answer.loss(), 1e-5);
        assertArrayEquals(new double[SHAPE.perMember()], answer.gradient(), 1e-7);
        assertTrue(distill(backend, logits(1), logits(2), 2, 1).loss() > 1, "another one does");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aTeacherWithoutWeightIsNotHeard(Backend backend) {
        Answer answer = distill(backend, logits(1), logits(2), 2, 0);
        Tensor labels = backend.zeros(ElementType.I32, new Shape(1, 1, SHAPE.columns()));
        backend.write(labels, 0, new int[] {0, 1, 2, 3, 4, 0, 1});
        Tensor dz = backend.zeros(ElementType.REAL, SHAPE);
        Tensor loss = backend.zeros(ElementType.REAL, Shape.scalars(1));
        backend.softmaxCrossEntropy(tensor(backend, SHAPE, logits(1)), labels, dz, loss);
        assertEquals(backend.doubles(loss, 0)[0], answer.loss(), 1e-5);
        assertArrayEquals(backend.doubles(dz, 0), answer.gradient(), 1e-7);
    }
}
