package io.espalier.experiments.cli;

import io.espalier.backend.Backend;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.compress.Saliency;
import io.espalier.compress.ScoreFile;
import io.espalier.compress.TrainingExamples;
import io.espalier.data.DataException;
import io.espalier.data.Dataset;
import io.espalier.data.Examples;
import io.espalier.experiments.studyfile.SaliencyReader;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Representation;
import io.espalier.random.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The saliencies of a model's weights, for other programs. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the saliency of every weight of a model, under the weight's name, as safetensors.",
            "Data: the first training examples in file order, pixels in [0, 1], the mean loss over them. What the model's masks"
                    + " have pruned gets 0."
        },
        footer = {
            "",
            "Example:",
            "  espalier score --model M.safetensors --network lenet-300-100 \\",
            "    --dataset mnist --examples 1000 --saliency obd --out S.safetensors"
        })
final class ScoreCommand implements Callable<Integer> {
    private final Services services;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions options;

    @Option(names = "--examples", paramLabel = "N", description = "How many training examples (default: all).")
    private Integer examples;

    @Option(
            names = "--saliency",
            required = true,
            paramLabel = "S",
            description =
                    "See `espalier methods`; with parameters as in a study: '{ obd-sd: { reading: per-layer-sd } }'.")
    private String saliency;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of the saliency `random` (default: 0).")
    private long seed;

    @Option(names = "--out", required = true, paramLabel = "S.safetensors", description = "The file to write.")
    private Path out;

    ScoreCommand(Services services) {
        this.services = services;
    }

    @Override
    public Integer call() {
        NetworkSpec shape = options.network();
        if (saliency.isBlank()) {
            throw new ParameterException(spec.commandLine(), "--saliency is empty. See `espalier methods`.");
        }
        Saliency chosen = SaliencyReader.read("--saliency", saliency);
        Parameters parameters = options.parameters(shape);
        if (!parameters.storage().isDense()) {
            throw new DataException(
                    "Only dense layers have weights to score one by one, not hashed, quantised or low-rank ones."
                            + " Give a model with dense layers.");
        }
        Dataset dataset = options.dataset(services, shape);
        int count = count(dataset);
        byte[] file;
        try (Backend backend = services.open(options.backend());
                Network network =
                        new Network(backend, shape, List.of(parameters), Representation.of(backend, parameters));
                Tensor pixels = pixels(backend, dataset.train());
                Tensor labels = labels(backend, dataset.train())) {
            file = ScoreFile.bytes(
                    new Saliency.Subject(
                            backend, network, new TrainingExamples(pixels, labels, count), new Seed(seed), 0),
                    chosen);
        }
        write(file);
        spec.commandLine().getOut().println(out);
        return ExitCode.DONE;
    }

    private int count(Dataset dataset) {
        int there = dataset.train().count();
        if (examples == null) {
            return there;
        }
        if (examples < 1) {
            throw new ParameterException(spec.commandLine(), "--examples must be at least 1, got " + examples + ".");
        }
        if (examples > there) {
            throw new DataException("Data set " + dataset.name() + " has " + there
                    + " training examples, fewer than the " + examples + " of --examples. Ask for at most " + there
                    + ".");
        }
        return examples;
    }

    private static Tensor pixels(Backend backend, Examples train) {
        return backend.constant(train.pixels(), new Shape(1, train.count(), train.features()));
    }

    private static Tensor labels(Backend backend, Examples train) {
        return backend.constant(train.labels(), new Shape(1, 1, train.count()));
    }

    private void write(byte[] file) {
        try {
            Files.write(out, file);
        } catch (IOException e) {
            throw new DataException(
                    out + " cannot be written: " + e.getClass().getSimpleName() + " " + e.getMessage() + ".", e);
        }
    }
}
