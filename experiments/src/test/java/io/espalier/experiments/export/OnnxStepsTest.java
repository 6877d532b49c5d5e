package io.espalier.experiments.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.espalier.backend.Activation;
import io.espalier.backend.Backend;
import io.espalier.backend.reference.ReferenceBackend;
import io.espalier.compress.Quantizer;
import io.espalier.network.Architecture;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Features;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NamedNetwork;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Parameters.NormParameters;
import io.espalier.network.Pass;
import io.espalier.network.Representation;
import io.espalier.network.Step;
import io.espalier.network.Topology;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Convolutional networks in ONNX Runtime against the float64 reference. */
class OnnxStepsTest {
    private static final int BATCH = 3;

    /** Every kind of step; the convolutions with stride, padding and groups. */
    private static NetworkSpec everyStep() {
        List<Step> steps = List.of(
                new Step.Convolution(0, 3, 2, 1, false),
                new Step.Normalisation(1),
                new Step.Convolution(2, 3, 1, 1, 2, false),
                new Step.Sum(1, 3),
                new Step.Pool(Step.Pool.Kind.MAX, 4, 2, 2),
                new Step.Pool(Step.Pool.Kind.AVERAGE, 2, 2, 2),
                new Step.Concatenation(5, 6),
                new Step.Convolution(7, 2, 1, 0, true),
                new Step.GlobalAverage(8),
                new Step.FullyConnected(9),
                new Step.FullyConnected(10));
        List<Integer> sizes = List.of(27, 4, 4, 6, 5, 3);
        return new NetworkSpec(
                new Architecture(new Topology("toy", new Features(3, 12, 12), steps, sizes), sizes),
                Activation.TANH,
                Activation.LINEAR,
                Loss.SOFTMAX,
                Initialization.GLOROT);
    }

    private static Parameters parameters(NetworkSpec spec) {
        Parameters drawn = Parameters.initial(spec, new Seed(3), Stream.INITIAL_WEIGHTS, 0);
        PhiloxSequence random = new PhiloxSequence(new Seed(4), 0);
        List<NormParameters> norms = new ArrayList<>();
        for (NormParameters norm : drawn.norms()) {
            int channels = norm.gain().length;
            norms.add(new NormParameters(
                    some(random, channels, 0.5),
                    some(random, channels, -0.5),
                    some(random, channels, -0.5),
                    some(random, channels, 0.5)));
        }
        return new Parameters(drawn.layers(), norms);
    }

    private static float[] some(PhiloxSequence random, int count, double from) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) (from + random.nextDouble());
        }
        return numbers;
    }

    @Test
    void onnxRuntimeSaysWhatTheReferenceSays() throws OrtException {
        NetworkSpec every = everyStep();
        compare(every, parameters(every));
        compare(every, new Quantizer.Linear(6).quantised(parameters(every)));
        NetworkSpec lenet = NamedNetwork.LENET_5.spec();
        compare(lenet, new Quantizer.Codebook(4).quantised(parameters(lenet)));
        NetworkSpec residual = NamedNetwork.find("wrn-10-1").orElseThrow();
        compare(residual, parameters(residual));
    }

    private static void compare(NetworkSpec spec, Parameters parameters) throws OrtException {
        int features = spec.inputs();
        float[] byExample = some(new PhiloxSequence(new Seed(5), 0), BATCH * features, 0);
        float[] byFeature = new float[byExample.length];
        for (int i = 0; i < byExample.length; i++) {
            byFeature[i % features * BATCH + i / features] = byExample[i];
        }
        double[] right;
        try (Backend backend = ReferenceBackend.open();
                Network network =
                        new Network(backend, spec, List.of(parameters), Representation.of(backend, parameters));
                Pass pass = network.forwardPass(BATCH)) {
            backend.write(pass.inputs(), 0, byFeature);
            network.forward(pass, DropoutPlan.NONE);
            right = backend.doubles(pass.outputs(), 0);
        }
        Features input = spec.input();
        long[] shape = {BATCH, input.channels(), input.height(), input.width()};
        double largest = 0;
        for (double value : right) {
            largest = Math.max(largest, Math.abs(value));
        }
        try (OrtEnvironment environment = OrtEnvironment.getEnvironment();
                OrtSession session = environment.createSession(OnnxModel.bytes(spec, parameters));
                OnnxTensor images = OnnxTensor.createTensor(environment, FloatBuffer.wrap(byExample), shape);
                OrtSession.Result result = session.run(Map.of("input", images))) {
            float[][] outputs = (float[][]) result.get("output").orElseThrow().getValue();
            for (int example = 0; example < BATCH; example++) {
                for (int unit = 0; unit < spec.outputs(); unit++) {
                    // Some dozens of layers, each right to a few roundings of its largest terms.
                    assertEquals(
                            right[unit * BATCH + example], outputs[example][unit], 2e-5 * largest, spec.toString());
                }
            }
        }
    }
}
