package io.espalier.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Evaluation;
import io.espalier.train.Readout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code result.json} says: that the trial is over, and its rows.
 *
 * @param status done or diverged
 * @param step optimiser updates to the end, ancestors included
 * @param epochs trained to the end, ancestors included
 * @param check what a second backend found; null where none looked on
 * @param rows one a readout; none if it diverged before the first
 */
public record TrialResult(
        String status, int step, double epochs, int cohortSize, String backend, CheckResult check, List<Row> rows) {
    /** Status of a trial that ran to its end. */
    public static final String DONE = "done";

    /** Status of a trial whose loss, or whose parent's, stopped being a number. */
    public static final String DIVERGED = "diverged";

    /**
     * One readout. Errors are in percent, counted over all examples.
     *
     * @param sizes of the network's layers, inputs first; empty: as the trial began
     * @param storedBytes what the weights need in the cheapest encoding, whatever the model's file has
     * @param fileBytes length of the model's file, its header included
     * @param phaseEpochs epoch of its phase's schedule at which the reported weights stood
     * @param earlyStopStep where in its phase's schedule the validation loss was lowest; null if it was never looked at
     * @param testError null where the trial was for selection only
     * @param validationError null where there is no validation part
     * @param trainError null where the study does not ask for it
     * @param trainSeconds own training time of the trial up to here
     */
    public record Row(
            String ratioTarget,
            List<Integer> sizes,
            double ratio,
            int storedParameters,
            long storedBytes,
            long fileBytes,
            double sparsity,
            double epochs,
            int phaseEpochs,
            Integer earlyStopStep,
            Double testError,
            Double validationError,
            Double trainError,
            Double testLoss,
            double trainSeconds) {
        /** The shape of its network, given that with which the trial began. */
        public NetworkSpec shape(NetworkSpec begun) {
            return sizes.isEmpty() ? begun : begun.withSizes(sizes);
        }

        /** @param denseParameters what the ratio is counted against */
        static Row of(Readout readout, int denseParameters, long fileBytes) {
            Evaluation training = readout.training();
            Evaluation validation = readout.validation();
            Evaluation test = readout.test();
            return new Row(
                    readout.target().toString(),
                    readout.weights().sizes(),
                    (double) denseParameters / readout.storedParameters(),
                    readout.storedParameters(),
                    readout.storedSize().bytes(),
                    fileBytes,
                    readout.sparsity(),
                    readout.epochs(),
                    readout.phaseEpochs(),
                    readout.earlyStopStep(),
                    test == null ? null : test.errorPercent(),
                    validation == null ? null : validation.errorPercent(),
                    training == null ? null : training.errorPercent(),
                    test == null ? null : test.loss(),
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
        if (check != null) {
            node.set("check", check.toJson());
        }
        ArrayNode list = node.putArray("readouts");
        for (Row row : rows) {
            ObjectNode readout = list.addObject().put("ratio_target", row.ratioTarget);
            row.sizes.forEach(readout.putArray("sizes")::add);
            readout.put("ratio", row.ratio)
                    .put("stored_parameters", row.storedParameters)
                    .put("stored_bytes", row.storedBytes)
                    .put("file_bytes", row.fileBytes)
                    .put("sparsity", row.sparsity)
                    .put("epochs", row.epochs)
                    .put("phase_epochs", row.phaseEpochs)
                    .put("early_stop_step", row.earlyStopStep)
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
            List<Integer> sizes = new ArrayList<>();
            // Runs that are older than shrinking do not say.
            row.path("sizes").forEach(size -> sizes.add(size.asInt()));
            rows.add(new Row(
                    row.required("ratio_target").asText(),
                    sizes,
                    row.required("ratio").asDouble(),
                    row.required("stored_parameters").asInt(),
                    row.required("stored_bytes").asLong(),
                    row.path("file_bytes").asLong(),
                    row.required("sparsity").asDouble(),
                    row.required("epochs").asDouble(),
                    row.required("phase_epochs").asInt(),
                    row.hasNonNull("early_stop_step")
                            ? (Integer) row.get("early_stop_step").asInt()
                            : null,
                    numberOrNull(row, "test_error"),
                    numberOrNull(row, "validation_error"),
                    numberOrNull(row, "train_error"),
                    numberOrNull(row, "test_loss"),
                    row.required("train_seconds").asDouble()));
        }
        return new TrialResult(
                node.required("status").asText(),
                node.required("step").asInt(),
                node.required("epochs").asDouble(),
                node.required("cohort_size").asInt(),
                node.required("backend").asText(),
                node.has("check") ? CheckResult.fromJson(node.get("check")) : null,
                rows);
    }

    private static Double numberOrNull(JsonNode row, String field) {
        JsonNode value = row.required(field);
        return value.isNull() ? null : (Double) value.asDouble();
    }

    /** The readout at a ratio, if the trial came so far. */
    public Optional<Row> row(CompressionRatio ratio) {
        return rows.stream()
                .filter(row -> row.ratioTarget().equals(ratio.toString()))
                .findFirst();
    }
}
