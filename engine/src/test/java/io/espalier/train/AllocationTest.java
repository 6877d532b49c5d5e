package io.espalier.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.HashedStorage;
import io.espalier.compress.LowRankStorage;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Storage;
import io.espalier.random.Seed;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training step leaves next to nothing to the garbage collector, once it is compiled. */
class AllocationTest {
    private static final int MAX_BYTES = 1024;
    private static final int STEPS = 500;

    @ParameterizedTest
    @ValueSource(strings = {"dense", "sparse", "hashed", "low rank"})
    void aStepAllocatesAtMostAKilobyte(String kind) {
        NetworkSpec network = new NetworkSpec(
                List.of(ToyData.FEATURES, 300, 100, ToyData.CLASSES),
                Activation.RELU,
                Activation.LINEAR,
                Loss.SOFTMAX,
                Initialization.HE);
        DataSpec spec = new DataSpec(new DataSource.Named(Catalog.MNIST), 0);
        TrainingSettings settings = new TrainingSettings(
                1, 128, new LearningRate.Cosine(1e-3), 0.9, 0.1, 0.2, new Penalty(0, 1e-4), ReportAt.LAST);
        CompressionRatio eight = new CompressionRatio(8);
        Storage storage =
                switch (kind) {
                    case "hashed" -> HashedStorage.of(network, eight);
                    case "low rank" -> LowRankStorage.of(network, eight);
                    default -> Storage.DENSE;
                };
        List<Instruction> program = new ArrayList<>(List.of(new Instruction.Initialize(storage)));
        if (kind.equals("sparse")) {
            program.add(new Instruction.Prune(SaliencyKind.MAGNITUDE.saliency(), Scope.LAYER, network.prunable() / 10));
        }
        program.add(new Instruction.StartPhase(settings, Length.epochs(0), false));
        program.add(new Instruction.Train(Length.epochs(1_000_000)));
        Backend backend = new CpuBackend();
        ResidentData data = new ResidentData(backend, ToyData.dataset(1280, 10));
        Member member = new Member("m", new Seed(1), new Program(program), null);
        Cohort start = new Cohort(
                CohortKey.atStart(network, spec, 128), backend, data.parts(spec), Recorder.NONE, List.of(member));
        start.applyDueEvents();
        Cohort cohort = start.regrouped().get(0);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long bytes = Long.MAX_VALUE;
        // Until it is compiled, the Vector API boxes its vectors.
        for (int round = 0; round < 60 && bytes > MAX_BYTES; round++) {
            long before = threads.getThreadAllocatedBytes(id);
            cohort.steps(STEPS, () -> false);
            bytes = (threads.getThreadAllocatedBytes(id) - before) / STEPS;
        }
        assertTrue(bytes <= MAX_BYTES, bytes + " bytes a step");
    }
}
