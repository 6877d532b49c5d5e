package io.espalier.experiments.cli;

import io.espalier.data.Catalog;
import io.espalier.data.DataStore;
import io.espalier.experiments.studyfile.Nearest;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Data sets: which there are, where they are, and making those that are generated. */
@Command(
        name = "data",
        mixinStandardHelpOptions = true,
        description = "Lists data sets, fetches or makes them, says where they are.",
        footer = {
            "",
            "Examples:",
            "  espalier data list",
            "  espalier data fetch mnist",
            "  espalier data path rectangles",
            "  espalier data make rectangles --data data",
            "  espalier data make mnist-background-image --images photographs"
        })
final class DataCommand implements Runnable {
    private final Services services;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Where data sets are (else $ESPALIER_DATA, else the cache).")
    private Path directory;

    DataCommand(Services services) {
        this.services = services;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do: `espalier data list`, `fetch NAME`, `make NAME` or `path NAME`.");
    }

    @Command(mixinStandardHelpOptions = true, description = "Lists the data sets that Espalier knows.")
    int list() {
        DataStore store = services.data(directory);
        TextTable text = new TextTable(3, "name", "here", "what", "classes", "train", "test");
        for (Catalog entry : Catalog.values()) {
            text.row(
                    entry.key(),
                    store.state(entry),
                    entry.description(),
                    Integer.toString(entry.classes()),
                    Integer.toString(entry.trainCount()),
                    Integer.toString(entry.testCount()));
        }
        text.print(spec.commandLine().getOut());
        return ExitCode.DONE;
    }

    @Command(mixinStandardHelpOptions = true, description = "Makes a generated data set as IDX files.")
    int make(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--images",
                            paramLabel = "IMAGES",
                            description =
                                    "A folder of PNG or JPEG images for the backgrounds (else procedural texture).")
                    Path images) {
        spec.commandLine().getOut().println(services.data(directory).make(entry(name), Optional.ofNullable(images)));
        return ExitCode.DONE;
    }

    @Command(mixinStandardHelpOptions = true, description = "Gets a data set from its mirrors, checked by SHA-256.")
    int fetch(@Parameters(paramLabel = "NAME") String name) {
        spec.commandLine().getOut().println(services.data(directory).fetch(entry(name)));
        return ExitCode.DONE;
    }

    @Command(mixinStandardHelpOptions = true, description = "Prints the folder where a data set is looked for.")
    int path(@Parameters(paramLabel = "NAME") String name) {
        spec.commandLine().getOut().println(services.data(directory).path(entry(name)));
        return ExitCode.DONE;
    }

    private Catalog entry(String name) {
        return Catalog.named(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "There is no data set `" + name + "`. " + Nearest.hint(name, Catalog.keys())));
    }
}
