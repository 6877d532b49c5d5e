package io.espalier.train;

import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.compress.CompressionRatio;
import io.espalier.compress.HashedStorage;
import io.espalier.compress.LowRankStorage;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Dataset;
import io.espalier.data.Examples;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Storage;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times one training step of 784-1000-10 at batch 50, dropout 0.25, on one thread: hashed and low rank against dense, in turn, in
 * processor time, so that whoever shares the machine is not counted.
 *
 * <pre>{@code
 * mvn -q -DskipTests test-compile -pl engine -am && mvn -q dependency:build-classpath -pl engine -Dmdep.outputFile=/tmp/cp
 * java --add-modules jdk.incubator.vector -Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0 -XX:+UseParallelGC \
 *   -cp engine/target/classes:engine/target/test-classes:$(cat /tmp/cp) io.espalier.train.CompactStepBench 30
 * }</pre>
 */
final class CompactStepBench {
    private static final NetworkSpec NETWORK = new NetworkSpec(
            List.of(784, 1000, 10), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
    private static final int BATCH = 50;
    private static final int EXAMPLES = 55_000;
    private static final int WARM_UP = 1500;
    private static final int STEPS = 100;

    private final Dataset data;
    private int left;
    private final Trainer trainer = new Trainer(() -> --this.left <= 0);

    private CompactStepBench() {
        PhiloxSequence random = new PhiloxSequence(new Seed(1), 1);
        byte[] pixels = new byte[EXAMPLES * NETWORK.inputs()];
        int[] labels = new int[EXAMPLES];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.nextInt();
        }
        Arrays.setAll(labels, i -> random.nextInt(NETWORK.outputs()));
        Examples examples = new Examples("bench", NETWORK.inputs(), pixels, labels, "");
        data = new Dataset("bench", examples, examples);
    }

    /** Argument: rounds. */
    public static void main(String[] arguments) {
        CompactStepBench bench = new CompactStepBench();
        Map<String, Cohort> cohorts = new LinkedHashMap<>();
        cohorts.put("dense", bench.cohort(Storage.DENSE));
        for (int value : new int[] {8, 64}) {
            CompressionRatio ratio = new CompressionRatio(value);
            cohorts.put("native 1/" + value, bench.cohort(HashedStorage.of(NETWORK, ratio)));
            cohorts.put("paper 1/" + value, bench.cohort(HashedStorage.asPublished(NETWORK, ratio, true)));
            cohorts.put("low rank 1/" + value, bench.cohort(LowRankStorage.of(NETWORK, ratio)));
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Map<String, List<Double>> micros = new LinkedHashMap<>();
        cohorts.values().forEach(cohort -> bench.train(cohort, WARM_UP));
        for (int round = 0; round < Integer.parseInt(arguments[0]); round++) {
            cohorts.forEach((name, cohort) -> {
                long start = threads.getCurrentThreadCpuTime();
                bench.train(cohort, STEPS);
                micros.computeIfAbsent(name, any -> new ArrayList<>())
                        .add((threads.getCurrentThreadCpuTime() - start) / 1000.0 / STEPS);
            });
        }
        System.out.printf(Locale.ROOT, "%-16s %10s %10s %16s%n", "one step", "median us", "/ dense", "epoch of 55,000");
        micros.forEach((name, times) -> {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < times.size(); i++) {
                ratios.add(times.get(i) / micros.get("dense").get(i));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%-16s %10.0f %10.3f %14.2f s%n",
                    name,
                    median(times),
                    median(ratios),
                    median(times) * EXAMPLES / BATCH / 1e6);
        });
    }

    private Cohort cohort(Storage storage) {
        TrainingSettings settings = new TrainingSettings(
                1_000_000, BATCH, new LearningRate.Constant(1e-3), 0.9, 0.25, 0.25, Penalty.NONE, ReportAt.LAST);
        Program program = new Program(List.of(
                new Instruction.Initialize(storage),
                new Instruction.StartPhase(settings, Length.epochs(0), false),
                new Instruction.Train(Length.parse("900000000it"))));
        DataSpec spec = new DataSpec(new DataSource.Named(Catalog.MNIST), 0);
        Backend backend = new CpuBackend();
        Cohort cohort = new Cohort(
                CohortKey.atStart(NETWORK, spec, BATCH),
                backend,
                new ResidentData(backend, data).parts(spec),
                Recorder.NONE,
                List.of(new Member("bench", new Seed(0), program, null)));
        cohort.applyDueEvents();
        return cohort;
    }

    private void train(Cohort cohort, int steps) {
        left = steps;
        while (left > 0) {
            trainer.untilNextEvent(cohort);
            cohort.applyDueEvents();
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
