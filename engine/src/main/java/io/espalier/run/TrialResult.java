package io.espalier.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.train.Evaluation;
import io.espalier.train.Readout;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code result.json} says: that the trial is over, and its rows.
 *
 * @param status done or diverged
 * @param step optimiser updates to the end, ancestors included
 * @param epochs trained to the end, ancestors included
 * @param rows one a readout; none if it diverged before the first
 */
public record TrialResult(String status, int step, double epochs, int cohortSize, String backend, List<Row> rows) {
    /** Status of a trial that ran to its end. */
    public static final String DONE = "done";

    /** Status of a trial whose loss, or whose parent's, stopped being a number. */
    public static final String DIVERGED = "diverged";

    /**
     * One readout. Errors are in percent, counted over all examples.
     *
     * @param validationError null where there is no validation part
     * @param trainSeconds own training time of the trial up to here
     */
    public record Row(
            String ratioTarget,
            double ratio,
            int storedParameters,
            long storedBytes,
            double sparsity,
            double epochs,
            double testError,
            Double validationError,
            double trainError,
            double testLoss,
            double trainSeconds) {
        /** @param denseParameters what the ratio is counted against */
        static Row of(Readout readout, int denseParameters) {
            Evaluation validation = readout.validation();
            return new Row(
                    readout.target().toString(),
                    (double) denseParameters / readout.storedParameters(),
                    readout.storedParameters(),
                    readout.storedSize().bytes(),
                    readout.sparsity(),
                    readout.epochs(),
                    readout.test().errorPercent(),
                    validation == null ? null : validation.errorPercent(),
                    readout.training().errorPercent(),
                    readout.test().loss(),
                    readout.trainSeconds());
        }
    }

    ObjectNode toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("status", status)
                .put("step", step)
                .put("epochs", epochs)
                .put("cohort_size", cohortSize)
                .put("backend", backend);
        ArrayNode list = node.putArray("readouts");
        for (Row row : rows) {
            list.addObject()
                    .put("ratio_target", row.ratioTarget)
                    .put("ratio", row.ratio)
                    .put("stored_parameters", row.storedParameters)
                    .put("stored_bytes", row.storedBytes)
                    .put("sparsity", row.sparsity)
                    .put("epochs", row.epochs)
                    .put("test_error", row.testError)
                    .put("validation_error", row.validationError)
                    .put("train_error", row.trainError)
                    .put("test_loss", row.testLoss)
                    .put("train_seconds", row.trainSeconds);
        }
        return node;
    }

    static TrialResult fromJson(JsonNode node) {
        List<Row> rows = new ArrayList<>();
        for (JsonNode row : node.required("readouts")) {
            JsonNode validation = row.required("validation_error");
            rows.add(new Row(
                    row.required("ratio_target").asText(),
                    row.required("ratio").asDouble(),
                    row.required("stored_parameters").asInt(),
                    row.required("stored_bytes").asLong(),
                    row.required("sparsity").asDouble(),
                    row.required("epochs").asDouble(),
                    row.required("test_error").asDouble(),
                    validation.isNull() ? null : validation.asDouble(),
                    row.required("train_error").asDouble(),
                    row.required("test_loss").asDouble(),
                    row.required("train_seconds").asDouble()));
        }
        return new TrialResult(
                node.required("status").asText(),
                node.required("step").asInt(),
                node.required("epochs").asDouble(),
                node.required("cohort_size").asInt(),
                node.required("backend").asText(),
                rows);
    }
}
