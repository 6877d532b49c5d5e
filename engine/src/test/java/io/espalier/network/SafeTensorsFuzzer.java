package io.espalier.network;

import io.espalier.BoundedParse;
import io.espalier.backend.Activation;
import java.util.List;

/** The safetensors container, and models of every storage in it. */
public final class SafeTensorsFuzzer {
    static final NetworkSpec SPEC =
            new NetworkSpec(List.of(23, 17, 5), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);

    private SafeTensorsFuzzer() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        BoundedParse.check(bytes, 256, () -> SafeTensors.parse(bytes, "fuzzed"));
        BoundedParse.check(bytes, 256, () -> ModelFile.parse(SPEC, bytes, "fuzzed"));
        BoundedParse.check(bytes, 256, () -> packed(SafeTensors.parse(bytes, "fuzzed")));
    }

    /** A quantised layer without the checksum that guards it in a file. */
    private static void packed(SafeTensors tensors) {
        if (PackedLayer.isKind(tensors.metadata().get("layers.0.store"))) {
            PackedLayer.read(
                    "layers.0.", new StoredTensors("fuzzed", tensors), SPEC.outputs(0), SPEC.inputs(0), SPEC.biases(0));
        }
    }
}
