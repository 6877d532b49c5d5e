package io.espalier.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.backend.contract.Parity;

/**
 * What checking a trial against a second backend showed.
 *
 * @param parity of the ops of its cohorts' first steps
 * @param predictions of its reported models, made on both backends
 * @param differing how many of those were not the same class
 */
public record CheckResult(Parity parity, int predictions, int differing) {
    /** Nothing yet. */
    public static final CheckResult NONE = new CheckResult(Parity.NONE, 0, 0);

    /** Both together. */
    public CheckResult plus(CheckResult other) {
        return new CheckResult(parity.plus(other.parity), predictions + other.predictions, differing + other.differing);
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("ops_compared", parity.calls())
                .put("worst_error_over_bound", parity.worst())
                .put("worst_op", parity.worstOp())
                .put("predictions", predictions)
                .put("predictions_differing", differing);
    }

    static CheckResult fromJson(JsonNode node) {
        return new CheckResult(
                new Parity(
                        node.required("ops_compared").asInt(),
                        node.required("worst_error_over_bound").asDouble(),
                        node.required("worst_op").asText()),
                node.required("predictions").asInt(),
                node.required("predictions_differing").asInt());
    }
}
