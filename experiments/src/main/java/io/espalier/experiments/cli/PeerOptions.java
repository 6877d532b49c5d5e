package io.espalier.experiments.cli;

import io.espalier.backend.DeviceUnavailableException;
import io.espalier.bench.PeerGrid;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataStore;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What is measured beside libtorch. */
final class PeerOptions {
    static final String LIBTORCH_STUDY = "io.espalier.experiments.peers.TorchStudy";
    private static final String LIBTORCH = "io.espalier.experiments.peers.TorchContestant";
    private static final int STUDY_SEEDS = 2;

    @Option(names = "--peers", required = true, description = "Compare with libtorch; needs a build with -Ppeers.")
    private boolean peers;

    @Option(names = "--quick", description = "One row of each kind.")
    private boolean quick;

    @Option(names = "--networks", paramLabel = "N", split = ",", description = "784-300-100-10,784-1000-10 or lenet-5.")
    private List<String> networks;

    @Option(names = "--batches", paramLabel = "B", split = ",", description = "Examples a step: 50,128,512.")
    private List<Integer> batches;

    @Option(names = "--sparsities", paramLabel = "%", split = ",", description = "Percent masked: 80,90,95,98,99.")
    private List<Double> sparsities;

    @Option(names = "--compressions", paramLabel = "C", split = ",", description = "Weights a stored number: 8,64.")
    private List<Integer> compressions;

    @Option(
            names = "--trials",
            paramLabel = "T",
            split = ",",
            description = "Networks at once, on all cores: 1,2,4,16.")
    private List<Integer> trials;

    @Option(
            names = "--study",
            paramLabel = "SEEDS",
            description = "A whole study of so many seeds on MNIST; 0 for none (2; --quick: 0).")
    private Integer study;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where MNIST is for it (else $ESPALIER_DATA, else the cache).")
    private Path data;

    /** Whether they take part: {@code --peers=false} says no. */
    boolean takePart() {
        return peers;
    }

    PeerGrid grid(CommandSpec spec) {
        PeerGrid preset = quick ? PeerGrid.quick() : PeerGrid.standard();
        try {
            return new PeerGrid(
                    networks == null ? preset.networks() : networks,
                    batches == null ? preset.batches() : batches,
                    sparsities == null
                            ? preset.sparsities()
                            : sparsities.stream().map(percent -> percent / 100).toList(),
                    compressions == null ? preset.compressions() : compressions,
                    trials == null ? preset.trials() : trials);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage() + ".", e);
        }
    }

    /** Seeds of the study; 0 for none. */
    int seeds(CommandSpec spec) {
        if (study != null && study < 0) {
            throw new ParameterException(spec.commandLine(), "--study must be 0 or more.");
        }
        return study != null ? study : quick ? 0 : STUDY_SEEDS;
    }

    /** Where a study's data are, if they are there. */
    Path mnist(Services services) {
        DataStore store = services.data(data);
        // Tells what is missing, and how to get it, before hours of measuring.
        store.load(new DataSource.Named(Catalog.MNIST));
        return store.directory().toAbsolutePath();
    }

    /**
     * The class with libtorch's steps, which has its study beside it.
     *
     * @throws DeviceUnavailableException if this build has none
     */
    String libtorch() {
        if (PeerOptions.class.getResource('/' + LIBTORCH.replace('.', '/') + ".class") == null) {
            throw new DeviceUnavailableException("This Espalier was built without libtorch."
                    + " Build it with `mvn -Ppeers -DskipTests package` and say this again.");
        }
        return LIBTORCH;
    }
}
