package io.espalier.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Processes that do their share of one thing at the same time; the time is that of the slowest. */
final class Contest implements TimeSource {
    private static final double SAMPLE_SECONDS = 0.15;
    private static final double WARM_UP_SECONDS = 3;
    private static final int FIRST_STEPS = 3;

    private final List<Participant> participants = new ArrayList<>();
    private final Path errors;
    private int steps;

    private record Participant(Process process, BufferedReader out, PrintStream in) {}

    /**
     * Starts them.
     *
     * @param commands of each
     * @param environment that differs from ours; an empty value is none
     */
    Contest(List<List<String>> commands, Map<String, String> environment) {
        try {
            errors = Files.createTempFile("espalier-contestant", ".log");
            for (List<String> command : commands) {
                ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
                environment.forEach((name, value) -> {
                    builder.environment().remove(name);
                    if (!value.isEmpty()) {
                        builder.environment().put(name, value);
                    }
                });
                Process process = builder.start();
                participants.add(new Participant(
                        process,
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)),
                        new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The beginning of the command of a process that runs this program's classes, with the options of the Java that runs us. */
    static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }

    /**
     * What each says that it computes.
     *
     * @throws IllegalStateException if one ends without an answer
     */
    List<double[]> answers() {
        return participants.stream()
                .map(participant -> numbers(participant, Contestant.ANSWERS))
                .toList();
    }

    /** Lets them run until they are compiled, and finds out how many steps make a sample; a sample is shorter than all that may take. */
    void warmUp(double atMost) {
        double sample = Math.min(SAMPLE_SECONDS, atMost / 2);
        double one = timed(FIRST_STEPS) / FIRST_STEPS;
        long start = System.nanoTime();
        while ((System.nanoTime() - start) / 1e9 < Math.min(WARM_UP_SECONDS, atMost)) {
            int some = (int) Math.max(1, sample / one);
            one = timed(some) / some;
        }
        steps = (int) Math.max(1, Math.round(sample / one));
    }

    @Override
    public double sample() {
        return timed(steps) / steps;
    }

    @Override
    public int repeats() {
        return steps;
    }

    private double timed(int count) {
        participants.forEach(participant -> participant.in.println(count));
        double slowest = 0;
        for (Participant participant : participants) {
            slowest = Math.max(slowest, numbers(participant, Contestant.NANOS)[0] / 1e9);
        }
        return slowest;
    }

    private double[] numbers(Participant participant, String word) {
        try {
            for (String line = participant.out.readLine(); line != null; line = participant.out.readLine()) {
                if (line.startsWith(word)) {
                    return Arrays.stream(line.substring(word.length()).split(" "))
                            .mapToDouble(Double::parseDouble)
                            .toArray();
                }
            }
            throw new IllegalStateException(TorchProcess.lastWords(errors));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        participants.forEach(participant -> participant.process.destroy());
        errors.toFile().delete();
    }
}
