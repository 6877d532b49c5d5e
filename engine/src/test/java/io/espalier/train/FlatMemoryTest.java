package io.espalier.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.backend.cuda.Emulation;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** Ten thousand training steps leave the memory outside the heap, and that of a device, as they found it. */
class FlatMemoryTest {
    private static final int WARM = 1000;
    private static final int STEPS = 10_000;
    private static final int PAGE = 4096;

    private static Cohort training(Backend backend, int hidden, int batch) {
        NetworkSpec network = new NetworkSpec(
                List.of(ToyData.FEATURES, hidden, ToyData.CLASSES),
                Activation.RELU,
                Activation.LINEAR,
                Loss.SOFTMAX,
                Initialization.HE);
        DataSpec spec = new DataSpec(new DataSource.Named(Catalog.MNIST), 0);
        TrainingSettings settings = new TrainingSettings(
                1, batch, new LearningRate.Constant(1e-3), 0.9, 0.1, 0.2, new Penalty(0, 1e-4), ReportAt.LAST);
        Program program = new Program(List.of(
                new Instruction.Initialize(),
                new Instruction.StartPhase(settings, Length.epochs(0), false),
                new Instruction.Train(Length.epochs(1_000_000))));
        ResidentData data = new ResidentData(backend, ToyData.dataset(10 * batch, 10));
        Cohort cohort = new Cohort(
                CohortKey.atStart(network, spec, batch),
                backend,
                data.parts(spec),
                Recorder.NONE,
                List.of(new Member("m", new Seed(1), program, null)));
        cohort.applyDueEvents();
        return cohort;
    }

    /** Also at the end of every epoch, where metrics are taken. */
    private static void train(Cohort cohort, int steps) {
        Trainer trainer = new Trainer(() -> false);
        for (int done = 0; done < steps; ) {
            int next = cohort.stepsToNextEvent();
            trainer.untilNextEvent(cohort);
            cohort.applyDueEvents();
            done += next;
        }
    }

    private static long residentBytes() throws IOException {
        System.gc();
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE;
    }

    /** A leaked tensor of activations alone, 25 kB a step, would be 250 MB. */
    @Test
    void onProcessors() throws IOException {
        Cohort cohort = training(new CpuBackend(), 100, 64);
        train(cohort, WARM);
        long pointers = Pointer.totalBytes();
        long before = residentBytes();
        train(cohort, STEPS);
        // Less where a collection in between closed what earlier tests had left open.
        assertTrue(Pointer.totalBytes() <= pointers, Pointer.totalBytes() + " bytes, before " + pointers);
        long grown = (residentBytes() - before) >> 20;
        System.out.println("FlatMemoryTest: resident memory after " + STEPS + " steps more: " + grown + " MiB");
        assertTrue(grown < 64, grown + " MiB more, where compilers and collectors need a few");
    }

    @Test
    void onADevice() {
        Emulation.require();
        Backend backend = Emulation.open();
        Cohort cohort = training(backend, 3, 2);
        train(cohort, WARM);
        long free = backend.freeMemory();
        train(cohort, STEPS);
        assertEquals(free, backend.freeMemory());
        cohort.close();
        backend.close();
    }
}
