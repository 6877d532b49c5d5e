package io.espalier.method;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.train.Distillation;

/**
 * A dense method whose trial of the same seed teaches.
 *
 * @param method its name
 */
public record Teacher(String method, Distillation distillation) {
    void into(ObjectNode canonical) {
        identify(distillation, canonical);
    }

    /** Adds to a canonical text how a trial learns from the one that it starts from or has for a teacher. */
    static void identify(Distillation distillation, ObjectNode canonical) {
        canonical
                .putObject("distill")
                .put("temperature", distillation.temperature())
                .put("weight", distillation.weight());
    }
}
