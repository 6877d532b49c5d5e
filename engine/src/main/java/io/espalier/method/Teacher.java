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
        canonical
                .putObject("distill")
                .put("temperature", distillation.temperature())
                .put("weight", distillation.weight());
    }
}
