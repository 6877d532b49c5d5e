package io.espalier.bench;

import io.espalier.backend.cpu.CpuBackend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Backend cpu as a contestant: as in a study, trials are shared out to threads, each of which trains one after the other. */
public final class EspalierContestant {
    private EspalierContestant() {}

    /** Arguments: network, batch, load, trials, threads. */
    public static void main(String[] arguments) throws IOException {
        TrainingProblem problem =
                TrainingProblem.of(arguments[0], Integer.parseInt(arguments[1]), Load.parse(arguments[2]));
        int trials = Integer.parseInt(arguments[3]);
        int threads = Math.min(trials, Integer.parseInt(arguments[4]));
        try (Steps steps = threads == 1 ? oneByOne(problem, trials) : new Crew(problem, trials, threads)) {
            Contestant.serve(Answers.of(problem, new CpuBackend(), 1), steps);
        }
    }

    private static Steps oneByOne(TrainingProblem problem, int trials) {
        CpuBackend backend = new CpuBackend();
        List<Steps> all = new ArrayList<>();
        for (int i = 0; i < trials; i++) {
            all.add(
                    problem.load() instanceof Load.CurvaturePass
                            ? new EspalierCurvature(problem, backend)
                            : new EspalierTraining(problem, backend, 1));
        }
        return new Steps() {
            @Override
            public void run(int steps) {
                all.forEach(one -> one.run(steps));
            }

            @Override
            public void close() {
                all.forEach(Steps::close);
                backend.close();
            }
        };
    }

    /** Threads with some trials each. */
    private static final class Crew implements Steps {
        private final ExecutorService threads;
        private final List<Steps> parts = new ArrayList<>();

        Crew(TrainingProblem problem, int trials, int count) {
            threads = Executors.newFixedThreadPool(count);
            for (int i = 0; i < count; i++) {
                parts.add(oneByOne(problem, trials / count + (i < trials % count ? 1 : 0)));
            }
        }

        @Override
        public void run(int steps) {
            List<Future<?>> running = new ArrayList<>();
            parts.forEach(part -> running.add(threads.submit(() -> part.run(steps))));
            for (Future<?> one : running) {
                try {
                    one.get();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public void close() {
            threads.shutdown();
            parts.forEach(Steps::close);
        }
    }
}
