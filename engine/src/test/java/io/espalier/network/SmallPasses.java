package io.espalier.network;

import io.espalier.backend.Backend;
import io.espalier.backend.Dropout;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.network.Parameters.NormParameters;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What tests of convolutional networks put into a small network of three classes, and what its passes give for member 1. */
final class SmallPasses {
    static final int BATCH = 5;
    static final int MEMBERS = 2;

    /** Batches are normalised by their own moments, nothing is dropped. */
    static final DropoutPlan TRAINING = new DropoutPlan(Dropout.NONE, Dropout.NONE);

    private SmallPasses() {}

    static Parameters parameters(NetworkSpec spec) {
        Parameters drawn = Parameters.initial(spec, new Seed(5), Stream.INITIAL_WEIGHTS, 0);
        PhiloxSequence random = new PhiloxSequence(new Seed(6), Stream.CONTRACT_INPUT.at(4));
        List<LayerParameters> layers = new ArrayList<>();
        for (LayerParameters layer : drawn.layers()) {
            float[] weight = layer.weight().clone();
            for (int i = 0; i < weight.length; i++) {
                weight[i] = Math.round(weight[i] * 1024) / 1024f;
            }
            layers.add(layer.withValues(weight, some(random, layer.bias().length, -0.25)));
        }
        List<NormParameters> norms = new ArrayList<>();
        for (NormParameters norm : drawn.norms()) {
            int channels = norm.gain().length;
            norms.add(new NormParameters(
                    some(random, channels, 0.5),
                    some(random, channels, -0.25),
                    some(random, channels, -0.25),
                    some(random, channels, 0.5)));
        }
        return new Parameters(layers, norms);
    }

    static float[] some(PhiloxSequence random, int count, double from) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = Math.round((from + random.nextDouble()) * 1024) / 1024f;
        }
        return numbers;
    }

    static Network network(Backend on, NetworkSpec spec, Parameters at, Representation form) {
        return new Network(on, spec, List.of(at, at), form);
    }

    static void fill(Backend on, Pass pass) {
        int batch = pass.labels().shape().columns();
        for (int r = 0; r < MEMBERS; r++) {
            PhiloxSequence random = new PhiloxSequence(new Seed(r), Stream.CONTRACT_INPUT.at(3));
            on.write(pass.inputs(), r, some(random, pass.inputs().shape().perMember(), 0));
            int[] labels = new int[batch];
            Arrays.setAll(labels, i -> random.nextInt(3));
            on.write(pass.labels(), r, labels);
        }
    }

    /** Member 1's gradients of all parameters. */
    static List<double[]> gradients(Backend on, Network network, DropoutPlan drops) {
        try (Pass pass = network.pass(BATCH);
                Tensor sum = on.zeros(ElementType.REAL, Shape.scalars(MEMBERS))) {
            fill(on, pass);
            network.forward(pass, drops);
            network.loss(pass, sum);
            network.backward(pass, drops);
            return gradients(on, network);
        }
    }

    /** Member 1's gradients of all parameters, as the last backward pass left them. */
    static List<double[]> gradients(Backend on, Network network) {
        return network.parameters().stream()
                .map(parameter -> on.doubles(parameter.gradient(), 1))
                .toList();
    }

    /** Member 1's curvatures of all weights. */
    static List<double[]> curvature(Backend on, Network network, Curvature kind) {
        try (Pass pass = network.pass(BATCH);
                CurvaturePass memory = network.curvaturePass(BATCH, kind);
                Tensor sum = on.zeros(ElementType.REAL, Shape.scalars(MEMBERS))) {
            fill(on, pass);
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, sum);
            network.curvature(pass, memory);
            return memory.weights().stream()
                    .map(tensor -> on.doubles(tensor, 1))
                    .toList();
        }
    }

    static Parameters moved(Parameters at, int parameter, int index, float delta) {
        List<float[]> values = new ArrayList<>();
        at.values().forEach(value -> values.add(value.clone()));
        values.get(parameter)[index] += delta;
        return at.withValues(values);
    }
}
