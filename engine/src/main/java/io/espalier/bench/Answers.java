package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.Curvature;
import io.espalier.network.CurvaturePass;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Network;
import io.espalier.network.Parameter;
import io.espalier.network.Parameters;
import io.espalier.network.Pass;
import io.espalier.network.Representation;
import java.util.Arrays;
import java.util.Collections;

/** What a backend computes of a training problem; who takes part in a benchmark has to say the same. */
public final class Answers {
    private Answers() {}

    /**
     * Of training, the mean losses of the problem's batch before and after one update; of the curvature pass, the sum of every
     * layer's curvatures. Those of the last of so many equal members.
     */
    public static double[] of(TrainingProblem problem, Backend backend, int members) {
        Parameters start = problem.parameters();
        Representation representation = Representation.of(backend, start);
        try (Network network =
                        new Network(backend, problem.network(), Collections.nCopies(members, start), representation);
                Pass pass = network.pass(problem.batch())) {
            for (int r = 0; r < members; r++) {
                network.write(r, start);
                backend.write(pass.inputs(), r, inputs(problem));
                backend.write(pass.labels(), r, labels(problem));
            }
            double before = loss(backend, network, pass, problem.batch());
            if (problem.load() instanceof Load.CurvaturePass) {
                return curvatures(backend, network, pass, problem.batch());
            }
            update(backend, network, pass);
            return new double[] {before, loss(backend, network, pass, problem.batch())};
        }
    }

    private static void update(Backend backend, Network network, Pass pass) {
        Shape scalars = Shape.scalars(network.members());
        try (Tensor none = backend.zeros(ElementType.REAL, scalars);
                Tensor rate = backend.zeros(ElementType.REAL, scalars)) {
            for (int r = 0; r < network.members(); r++) {
                backend.write(rate, r, new float[] {TrainingProblem.RATE});
            }
            network.backward(pass, DropoutPlan.NONE);
            SgdRates rates = new SgdRates(rate, none, none, none);
            for (Parameter parameter : network.parameters()) {
                try (Tensor velocity =
                        backend.zeros(ElementType.REAL, parameter.value().shape())) {
                    StepWorkloads.update(backend, network, parameter, velocity, rates)
                            .run();
                }
            }
        }
    }

    private static double[] curvatures(Backend backend, Network network, Pass pass, int batch) {
        try (CurvaturePass into = network.curvaturePass(batch, Curvature.LEVENBERG_MARQUARDT)) {
            network.curvature(pass, into);
            return into.weights().stream()
                    .mapToDouble(weights -> Arrays.stream(backend.doubles(weights, network.members() - 1))
                            .sum())
                    .toArray();
        }
    }

    private static double loss(Backend backend, Network network, Pass pass, int batch) {
        try (Tensor sum = backend.zeros(ElementType.REAL, Shape.scalars(network.members()))) {
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, sum);
            return backend.doubles(sum, network.members() - 1)[0] / batch;
        }
    }

    /** (features, B). */
    private static float[] inputs(TrainingProblem problem) {
        int features = problem.network().inputs();
        float[] inputs = new float[features * problem.batch()];
        for (int f = 0; f < features; f++) {
            for (int b = 0; b < problem.batch(); b++) {
                inputs[f * problem.batch() + b] = TrainingProblem.input(b, f);
            }
        }
        return inputs;
    }

    private static int[] labels(TrainingProblem problem) {
        int[] labels = new int[problem.batch()];
        for (int b = 0; b < labels.length; b++) {
            labels[b] = problem.label(b);
        }
        return labels;
    }
}
