package io.espalier.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Somebody who takes part in a benchmark in a process of its own: it says what it computes, then takes as many steps as it is told
 * and says how long they took. {@link Contest} is the other end.
 */
public final class Contestant {
    static final String ANSWERS = "answers ";
    static final String NANOS = "nanos ";

    private Contestant() {}

    /** Says what was computed; all there is to say for who was started to do one thing. */
    public static void say(double[] answers) {
        System.out.println(
                ANSWERS + Arrays.stream(answers).mapToObj(Double::toString).collect(Collectors.joining(" ")));
    }

    /** Serves until there are no more orders. */
    public static void serve(double[] answers, Steps steps) throws IOException {
        say(answers);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            int count = Integer.parseInt(order.strip());
            long start = System.nanoTime();
            steps.run(count);
            System.out.println(NANOS + (System.nanoTime() - start));
        }
    }
}
