package io.espalier.experiments.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Times one training step of a network at batch 128 on one core, all contestants in turn in every round, so that whatever
 * disturbs the machine disturbs all of them. Answers are compared before anything is timed.
 */
public final class TrainStepBench {
    /** Steps of about 200 us; a network whose step takes longer gets fewer. */
    private static final int WARM_UP = 1500;

    private static final int STEPS = 150;
    private static final int CONVOLUTIONAL_SHARE = 10;
    private static final double MAX_DIFFERENCE = 1e-4;
    private static final String TORCH = "libtorch";

    private final Map<String, Contestant> contestants = new LinkedHashMap<>();

    private record Contestant(Process process, BufferedReader out, PrintStream in, List<Double> micros) {
        double[] answer(String word) throws IOException {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(word + " ")) {
                    return Arrays.stream(line.substring(word.length() + 1).split(" "))
                            .mapToDouble(Double::parseDouble)
                            .toArray();
                }
            }
            throw new IOException("A contestant ended without an answer");
        }

        double micros(int steps) throws IOException {
            in.println(steps);
            in.flush();
            return answer("nanos")[0] / 1000;
        }
    }

    private final String network;
    private final int share;

    private TrainStepBench(String network) {
        this.network = network;
        this.share = network.equals("lenet-5") ? CONVOLUTIONAL_SHARE : 1;
    }

    /** Arguments: rounds, and lenet-300-100 (if nothing is said) or lenet-5. */
    public static void main(String[] arguments) throws IOException {
        TrainStepBench bench = new TrainStepBench(arguments.length > 1 ? arguments[1] : "lenet-300-100");
        bench.start("espalier dense", null, "espalier", "1");
        bench.start("espalier 80 % sparse", null, "espalier", "0.2");
        bench.start("espalier 90 % sparse", null, "espalier", "0.1");
        bench.start("espalier 95 % sparse", null, "espalier", "0.05");
        bench.start("espalier 98 % sparse", null, "espalier", "0.02");
        bench.start(TORCH, "", "torch");
        bench.start(TORCH + ", Zen kernels", "Zen", "torch");
        if (bench.share > 1) {
            bench.start(TORCH + ", channels last", "", "torch-channels-last");
        }
        try {
            bench.requireSameAnswers();
            bench.time(Integer.parseInt(arguments[0]));
            bench.print();
        } finally {
            bench.contestants.values().forEach(contestant -> contestant.process.destroy());
        }
    }

    /** @param coreType what OPENBLAS_CORETYPE is to be; null: as the launcher's table has it, empty: unset */
    private void start(String name, String coreType, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                Side.class.getName()));
        command.add(network);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        if (coreType != null) {
            builder.environment().remove("OPENBLAS_CORETYPE");
            if (!coreType.isEmpty()) {
                builder.environment().put("OPENBLAS_CORETYPE", coreType);
            }
        }
        Process process = builder.start();
        contestants.put(
                name,
                new Contestant(
                        process,
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
                        new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8),
                        new ArrayList<>()));
    }

    private void requireSameAnswers() throws IOException {
        double[] first = null;
        for (Map.Entry<String, Contestant> contestant : contestants.entrySet()) {
            double[] losses = contestant.getValue().answer("losses");
            first = first == null ? losses : first;
            for (int i = 0; i < losses.length; i++) {
                if (!(Math.abs(losses[i] - first[i]) <= MAX_DIFFERENCE * Math.abs(first[i]))) {
                    throw new IllegalStateException(contestant.getKey() + " computes other losses: "
                            + Arrays.toString(losses) + " instead of " + Arrays.toString(first));
                }
            }
        }
    }

    private void time(int rounds) throws IOException {
        for (Contestant contestant : contestants.values()) {
            contestant.micros(WARM_UP / share);
        }
        for (int round = 0; round < rounds; round++) {
            for (Contestant contestant : contestants.values()) {
                contestant.micros.add(contestant.micros(STEPS / share));
            }
        }
    }

    private void print() throws IOException {
        List<Double> dense = contestants.get("espalier dense").micros;
        List<Double> torch = contestants.keySet().stream()
                .filter(name -> name.startsWith(TORCH))
                .map(name -> contestants.get(name).micros)
                .min((a, b) -> Double.compare(median(a), median(b)))
                .orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "%-28s %9s %9s %9s %14s %14s%n",
                "one step",
                "median us",
                "p10",
                "p90",
                "/ best torch",
                "/ our dense");
        contestants.forEach((name, contestant) -> System.out.printf(
                Locale.ROOT,
                "%-28s %9.0f %9.0f %9.0f %14.3f %14.3f%n",
                name,
                median(contestant.micros),
                quantile(contestant.micros, 0.1),
                quantile(contestant.micros, 0.9),
                median(ratios(contestant.micros, torch)),
                median(ratios(contestant.micros, dense))));
        System.out.printf(
                Locale.ROOT,
                "%s, batch 128, one thread each, %d rounds of %d steps in turn, medians of paired ratios; load %s%n",
                network,
                dense.size(),
                STEPS / share,
                Files.readString(Path.of("/proc/loadavg")).strip());
    }

    private static List<Double> ratios(List<Double> a, List<Double> b) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            ratios.add(a.get(i) / b.get(i));
        }
        return ratios;
    }

    private static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    private static double quantile(List<Double> values, double q) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.round(q * (sorted.size() - 1)));
    }
}
