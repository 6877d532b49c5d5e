package io.espalier.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.backend.DeviceUnavailableException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * PyTorch in a process of its own, which runs {@code lenet_step.py}: it says what it can do, opens contestants and times steps as
 * often as it is told, one line of JSON for each order.
 */
final class TorchProcess implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Process process;
    private final BufferedReader answers;
    private final PrintStream orders;
    private final Path errors;
    private final String version;
    private final List<Way> ways = new ArrayList<>();

    /** A way of training, such as eager or as a graph. */
    record Way(String name, Precision precision) {}

    /**
     * Starts it.
     *
     * @param python the program
     * @param script where {@code lenet_step.py} is
     * @param problem where {@link TrainingProblem#file()} is
     * @param device cpu or cuda
     * @throws DeviceUnavailableException if there is no Python, no PyTorch, or none that can use the device
     */
    TorchProcess(String python, Path script, Path problem, String device) {
        try {
            errors = Files.createTempFile("espalier-torch", ".log");
            process = new ProcessBuilder(python, script.toString(), problem.toString(), device)
                    .redirectError(errors.toFile())
                    .start();
        } catch (IOException e) {
            throw new DeviceUnavailableException(python + " cannot be run: " + e.getMessage() + ".", e);
        }
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        try {
            JsonNode hello = answer();
            version = hello.required("torch").asText() + " on "
                    + hello.required("device").asText();
            hello.required("ways")
                    .forEach(way -> ways.add(new Way(
                            way.required("name").asText(),
                            Precision.valueOf(way.required("precision").asText()))));
        } catch (IllegalStateException | IllegalArgumentException e) {
            close();
            throw new DeviceUnavailableException("PyTorch cannot be used: " + e.getMessage() + ".", e);
        }
    }

    /** Release and device. */
    String version() {
        return version;
    }

    List<Way> ways() {
        return ways;
    }

    /** A contestant in the other process. */
    final class Contestant implements TimeSource {
        private final int number;
        private final int repeats;
        private final double[] losses;

        private Contestant(JsonNode opened) {
            number = opened.required("number").asInt();
            repeats = opened.required("steps").asInt();
            losses = new double[] {
                opened.required("losses").required(0).asDouble(),
                opened.required("losses").required(1).asDouble()
            };
        }

        /** As {@link EspalierTraining#losses}. */
        double[] losses() {
            return losses;
        }

        @Override
        public double sample() {
            return ask("sample " + number).required("seconds").asDouble();
        }

        @Override
        public int repeats() {
            return repeats;
        }

        @Override
        public void close() {
            ask("close " + number);
        }
    }

    /**
     * Makes a contestant ready.
     *
     * @throws IllegalStateException if it cannot be
     */
    Contestant open(Way way, int members) {
        return new Contestant(ask("open " + members + " " + way.name()));
    }

    private JsonNode ask(String order) {
        orders.println(order);
        return answer();
    }

    private JsonNode answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException(lastWords(errors));
            }
            JsonNode answer = MAPPER.readTree(line);
            if (answer.has("problem")) {
                throw new IllegalStateException(answer.get("problem").asText());
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last line of what a process wrote to its standard error. */
    static String lastWords(Path errors) throws IOException {
        List<String> lines = Files.readAllLines(errors);
        return lines.isEmpty() ? "it ended without a word" : lines.get(lines.size() - 1);
    }

    @Override
    public void close() {
        orders.close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroy();
            }
            Files.deleteIfExists(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
