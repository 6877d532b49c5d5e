package io.espalier.experiments.cli;

import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.data.Catalog;
import io.espalier.data.DataStore;
import io.espalier.kernels.Inventory;
import io.espalier.run.BackendKind;
import io.espalier.run.Build;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What this machine has and what is missing. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Says what this machine has and what is missing.",
        footer = {"", "Example:", "  espalier doctor"})
final class DoctorCommand implements Callable<Integer> {
    private final Services services;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where data sets are (else $ESPALIER_DATA, else the cache).")
    private Path directory;

    DoctorCommand(Services services) {
        this.services = services;
    }

    @Override
    public Integer call() {
        Build build = BuildInfo.read();
        line(
                "espalier",
                build.version() + ", commit " + build.commit() + (build.dirty().equals("true") ? " (modified)" : ""));
        line("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        line(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        line(
                "cores",
                Runtime.getRuntime().availableProcessors() + " for this process, heap up to "
                        + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB");
        line("cpu backend", tried(CpuBackend::describe));
        line("reference", tried(() -> {
            BackendKind.REFERENCE.open().close();
            return "ND4J, float64";
        }));
        Inventory.parts().forEach(part -> line(part.name(), part.state()));
        DataStore store = services.data(directory);
        line("data", store.directory().toString());
        for (Catalog entry : Catalog.values()) {
            String state = store.state(entry);
            line(
                    "  " + entry.key(),
                    state.equals("no")
                            ? "missing: `espalier data fetch " + entry.key() + "`, or put its files into "
                                    + store.path(entry)
                            : state.replaceFirst("^yes", "here"));
        }
        return ExitCode.DONE;
    }

    private static String tried(Supplier<String> thing) {
        try {
            return thing.get();
        } catch (DeviceUnavailableException e) {
            return "not available: " + e.getMessage();
        }
    }

    private void line(String name, String value) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(name + " ".repeat(Math.max(1, 16 - name.length())) + value);
        out.flush();
    }
}
