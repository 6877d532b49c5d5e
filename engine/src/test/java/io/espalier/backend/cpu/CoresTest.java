package io.espalier.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.Moments;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who does the parts of an op, and that it does not matter. */
@Timeout(60)
final class CoresTest {
    /** Waits until so many threads are at work at once; false if they never are. */
    private static boolean meet(Cores cores, int threads) {
        CountDownLatch all = new CountDownLatch(threads);
        Set<Boolean> met = ConcurrentHashMap.newKeySet();
        cores.each(threads, (part, core) -> {
            all.countDown();
            try {
                met.add(all.await(200, TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        return !met.contains(false);
    }

    @Test
    void everyPartIsDoneOnceAndCoresAtWorkTogetherAreDifferent() {
        Cores cores = new Cores(4);
        for (int parts : new int[] {0, 1, 3, 4, 1000}) {
            AtomicIntegerArray done = new AtomicIntegerArray(Math.max(1, parts));
            AtomicIntegerArray busy = new AtomicIntegerArray(4);
            cores.each(parts, (part, core) -> {
                assertEquals(1, busy.incrementAndGet(core));
                done.incrementAndGet(part);
                busy.decrementAndGet(core);
            });
            for (int part = 0; part < parts; part++) {
                assertEquals(1, done.get(part));
            }
        }
    }

    @Test
    void coresWithoutWorkHelpAndOthersDoNot() {
        Cores cores = new Cores(3);
        try (Backend one = new CpuBackend(cores);
                Backend two = new CpuBackend(cores)) {
            assertTrue(meet(cores, 2), "one of three has no backend");
            assertEquals(false, meet(cores, 3));
            try (Backend.Pause pause = two.pause()) {
                assertTrue(meet(cores, 3), "one more has nothing to do");
            }
            assertEquals(false, meet(cores, 3));
        }
        assertEquals(false, meet(new Cores(1), 2));
    }

    @Test
    void whatFailsFailsWithAllPartsAtRestAndCoresGivenBack() {
        Cores cores = new Cores(2);
        cores.enter();
        for (int i = 0; i < 3; i++) {
            assertThrows(
                    RuntimeException.class,
                    () -> cores.each(2, (part, core) -> {
                        throw new IllegalStateException("part " + part);
                    }));
        }
        assertTrue(meet(cores, 2));
    }

    @Test
    void nobodyIsAtWorkAnyMoreWhenAFailureIsTold() {
        for (int i = 0; i < 20; i++) {
            AtomicIntegerArray working = new AtomicIntegerArray(1);
            CountDownLatch all = new CountDownLatch(4);
            assertThrows(RuntimeException.class, () -> new Cores(4).each(4, (part, core) -> {
                working.incrementAndGet(0);
                all.countDown();
                try {
                    assertTrue(all.await(10, TimeUnit.SECONDS));
                    Thread.sleep(core == 1 || core == 0 ? 0 : 20);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                working.decrementAndGet(0);
                if (core == 1) {
                    throw new IllegalStateException("the first helper");
                }
            }));
            assertEquals(0, working.get(0));
        }
    }

    @Test
    void opsOverRowsAreTheSameOnAnyNumberOfCores() {
        List<float[]> alone = answers(new Cores(1));
        for (int count : new int[] {2, 3, 7}) {
            List<float[]> together = answers(new Cores(count));
            for (int i = 0; i < alone.size(); i++) {
                assertArrayEquals(alone.get(i), together.get(i), 0f, "answer " + i + " on " + count + " cores");
            }
        }
    }

    private static List<float[]> answers(Cores cores) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        List<float[]> answers = new ArrayList<>();
        try (CpuBackend cpu = new CpuBackend(cores)) {
            Window window = new Window(9, 31, 33, 2, 2, 0);
            int batch = 37;
            int columns = window.height() * window.width() * batch;
            Shape shape = new Shape(1, window.channels(), columns);
            Shape perRow = new Shape(1, window.channels(), 1);
            Tensor x = reals(cpu, shape, random);
            Tensor dy = reals(cpu, shape, random);
            Tensor y = cpu.zeros(ElementType.REAL, shape);
            Tensor mean = cpu.zeros(ElementType.REAL, perRow);
            Tensor variance = cpu.zeros(ElementType.REAL, perRow);
            Tensor gain = reals(cpu, perRow, random);
            Tensor shift = reals(cpu, perRow, random);
            Moments moments = new Moments(mean, variance, 1e-5);
            cpu.images().mean(x, mean);
            cpu.images().variance(x, mean, variance);
            cpu.images().normalise(x, moments, gain, shift, y);
            Tensor dgain = cpu.zeros(ElementType.REAL, perRow);
            Tensor dshift = cpu.zeros(ElementType.REAL, perRow);
            cpu.images().normaliseSums(x, moments, dy, dgain, dshift);
            Tensor dx = cpu.zeros(ElementType.REAL, shape);
            cpu.images().normaliseGradient(x, moments, gain, dy, dgain, dshift, dx);
            cpu.activate(y, shift, Activation.RELU, Dropout.NONE);
            cpu.activationGradient(y, Activation.RELU, Dropout.NONE, dy);
            cpu.images().combine(0.5, x, 2, dx);
            Tensor whole = cpu.zeros(ElementType.REAL, new Shape(1, 2 * window.channels(), columns));
            cpu.images().copyRows(x, whole, 4);
            cpu.images().addRows(whole, 7, dx);
            Tensor images = cpu.viewOfReals(x, window.inputs(1, batch));
            Tensor small = cpu.zeros(ElementType.REAL, window.outputs(1, batch));
            Tensor winners = cpu.zeros(ElementType.U8, window.outputs(1, batch));
            cpu.images().maxPool(images, window, small, winners);
            Tensor back = cpu.zeros(ElementType.REAL, window.inputs(1, batch));
            cpu.images().maxPoolGradient(small, winners, window, back);
            for (Tensor answer : List.of(mean, variance, y, dgain, dshift, dx, dy, whole, small, back)) {
                answers.add(cpu.floats(answer, 0));
            }
        }
        return answers;
    }

    private static Tensor reals(CpuBackend cpu, Shape shape, RandomGenerator random) {
        Tensor tensor = cpu.zeros(ElementType.REAL, shape);
        float[] values = new float[shape.perMember()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        cpu.write(tensor, 0, values);
        return tensor;
    }
}
