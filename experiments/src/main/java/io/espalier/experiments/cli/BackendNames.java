package io.espalier.experiments.cli;

import io.espalier.experiments.studyfile.Nearest;
import io.espalier.run.BackendKind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads {@code --backend}. */
final class BackendNames {
    private static final String AUTO = "auto";

    private BackendNames() {}

    static BackendKind parse(String name, CommandSpec spec) {
        if (name.equals(AUTO)) {
            return BackendKind.automatic();
        }
        List<String> names = new ArrayList<>(List.of(AUTO));
        for (BackendKind kind : BackendKind.values()) {
            if (kind.key().equals(name)) {
                return kind;
            }
            names.add(kind.key());
        }
        throw new ParameterException(
                spec.commandLine(), "There is no backend `" + name + "`. " + Nearest.hint(name, names));
    }
}
