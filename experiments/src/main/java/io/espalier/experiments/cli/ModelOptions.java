package io.espalier.experiments.cli;

import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Dataset;
import io.espalier.experiments.studyfile.Nearest;
import io.espalier.experiments.studyfile.StudyReader;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.run.BackendKind;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A model in a file, and the data that it meets. */
final class ModelOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "M.safetensors",
            description = "The weights: layers.<i>.weight (out, in) and layers.<i>.bias in float32, from wherever.")
    private Path model;

    @Option(
            names = "--network",
            required = true,
            paramLabel = "NETWORK",
            description = "What they are the weights of, as in a study: '{ mlp: [784, 300, 10], activation: relu }'.")
    private String network;

    @Option(names = "--dataset", required = true, paramLabel = "NAME", description = "See `espalier data list`.")
    private String dataset;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where data sets are (else $ESPALIER_DATA, else the cache).")
    private Path directory;

    @Option(
            names = "--backend",
            paramLabel = "B",
            defaultValue = "auto",
            description = "auto, cpu, cuda, cuda-tf32 or reference.")
    private String backend;

    NetworkSpec network() {
        if (network.isBlank()) {
            throw new ParameterException(
                    spec.commandLine(), "--network is empty. Write it as in a study: '{ mlp: [784, 300, 10] }'.");
        }
        return StudyReader.network("--network", network);
    }

    Parameters parameters(NetworkSpec network) {
        return ModelFile.read(network, model);
    }

    BackendKind backend() {
        return BackendNames.parse(backend, spec);
    }

    /** All its training examples are there to learn from: nothing is held back. */
    DataSpec dataSpec() {
        return new DataSpec(
                new DataSource.Named(Catalog.named(dataset)
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "There is no data set `" + dataset + "`. " + Nearest.hint(dataset, Catalog.keys())))),
                0);
    }

    Dataset dataset(Services services, NetworkSpec network) {
        Dataset loaded = services.data(directory).load(dataSpec().source());
        loaded.requireFits(network.inputs(), network.outputs());
        return loaded;
    }
}
