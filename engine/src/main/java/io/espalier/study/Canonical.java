package io.espalier.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.backend.Activation;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.method.Trajectory;
import io.espalier.network.Initialization;
import io.espalier.network.Loss;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Topology;
import io.espalier.random.Seed;
import io.espalier.train.LearningRate;
import io.espalier.train.Penalty;
import io.espalier.train.ReportAt;
import io.espalier.train.TrainingSettings;
import java.util.Locale;
import java.util.Optional;

/** The canonical text of a trial: fixed order, fields at their default left out. */
final class Canonical {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Canonical() {}

    static ObjectNode trial(
            DataSpec data, Trajectory trajectory, Purpose purpose, Seed seed, Optional<TrialId> parent) {
        ObjectNode trial = JSON.objectNode();
        trial.set("data", data(data));
        trial.set("network", network(trajectory.network()));
        trial.set("training", training(trajectory.training()));
        trial.set("method", trajectory.canonical());
        ArrayNode list = trial.putArray("ratios");
        trajectory.ratios().forEach(ratio -> list.add(ratio.toString()));
        unlessDefault(trial, "purpose", purpose, Purpose.RESULT);
        trial.put("seed", seed.value());
        parent.ifPresent(id -> trial.put("parent", id.value()));
        return trial;
    }

    private static ObjectNode data(DataSpec data) {
        ObjectNode node = JSON.objectNode();
        if (data.source() instanceof DataSource.IdxFolder own) {
            node.put("idx", own.folder().toString());
        } else if (data.source() instanceof DataSource.AmatFolder own) {
            node.put("amat", own.folder().toString());
        } else if (data.source() instanceof DataSource.NpyFolder own) {
            node.put("npy", own.folder().toString());
        } else {
            node.put("name", data.source().name());
        }
        if (data.examples() != 0) {
            node.put("examples", data.examples());
        }
        if (data.preparation().normalised()) {
            node.put("normalise", true);
        }
        if (data.preparation().augments()) {
            node.putObject("augment")
                    .put("shift", data.preparation().shift())
                    .put("mirror", data.preparation().mirrored());
        }
        if (data.validation() != 0) {
            node.put("validation", data.validation());
        }
        if (!data.trainingErrors()) {
            node.put("training-errors", false);
        }
        return node;
    }

    private static ObjectNode network(NetworkSpec network) {
        ObjectNode node = JSON.objectNode();
        Topology topology = network.architecture().topology();
        if (!topology.isPerceptron()) {
            node.put("topology", topology.name());
        }
        if (!network.sizes().equals(topology.sizes())) {
            ArrayNode sizes = node.putArray(topology.isPerceptron() ? "mlp" : "sizes");
            network.sizes().forEach(sizes::add);
        }
        unlessDefault(node, "activation", network.activation(), Activation.RELU);
        unlessDefault(node, "output", network.output(), Activation.LINEAR);
        unlessDefault(node, "loss", network.loss(), Loss.SOFTMAX);
        Initialization usual = network.activation() == Activation.RELU ? Initialization.HE : Initialization.GLOROT;
        unlessDefault(node, "init", network.initialization(), usual);
        return node;
    }

    private static ObjectNode training(TrainingSettings training) {
        ObjectNode node = JSON.objectNode();
        node.put("epochs", training.epochs());
        node.put("batch", training.batch());
        node.set("learning-rate", learningRate(training.learningRate()));
        unlessZero(node, "momentum", training.momentum());
        unlessZero(node, "dropout-input", training.inputDropout());
        unlessZero(node, "dropout-hidden", training.hiddenDropout());
        if (!training.penalty().equals(Penalty.NONE)) {
            unlessZero(node, "l1", training.penalty().l1());
            unlessZero(node, "l2", training.penalty().l2());
        }
        unlessDefault(node, "report-at", training.reportAt(), ReportAt.LAST);
        training.evaluateEvery().ifPresent(every -> node.put("evaluate-every", every.toString()));
        if (training.replayData()) {
            node.put("replay-data", true);
        }
        return node;
    }

    private static ObjectNode learningRate(LearningRate learningRate) {
        ObjectNode node = JSON.objectNode();
        if (learningRate instanceof LearningRate.Constant constant) {
            node.put("constant", constant.rate());
        } else if (learningRate instanceof LearningRate.Step step) {
            node.put("step", step.rate()).put("factor", step.factor()).put("every", step.every());
        } else if (learningRate instanceof LearningRate.Cosine cosine) {
            node.put("cosine", cosine.rate());
        } else if (learningRate instanceof LearningRate.InverseSqrtEpoch inverse) {
            node.put("inverse-sqrt-epoch", inverse.rate());
        } else if (learningRate instanceof LearningRate.InverseTime inverse) {
            node.put("inverse-time", inverse.rate()).put("decay", inverse.decay());
        }
        return node;
    }

    private static void unlessDefault(ObjectNode node, String field, Enum<?> value, Enum<?> usual) {
        if (value != usual) {
            node.put(field, value.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    private static void unlessZero(ObjectNode node, String field, double value) {
        if (value != 0) {
            node.put(field, value);
        }
    }
}
