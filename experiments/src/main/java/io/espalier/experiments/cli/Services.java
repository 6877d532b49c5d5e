package io.espalier.experiments.cli;

import io.espalier.backend.Backend;
import io.espalier.data.DataStore;
import io.espalier.run.BackendKind;
import io.espalier.run.StopSignal;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/** What commands use of the world around them; tests put their own in place. */
class Services {
    static Map<Class<?>, Function<Services, ?>> commands() {
        return Map.of(
                RunCommand.class, RunCommand::new,
                ReplayCommand.class, ReplayCommand::new,
                PlanCommand.class, PlanCommand::new,
                VerifyCommand.class, VerifyCommand::new,
                ScoreCommand.class, ScoreCommand::new,
                EvalCommand.class, EvalCommand::new,
                DataCommand.class, DataCommand::new,
                BenchKernelsCommand.class, BenchKernelsCommand::new,
                BenchTrainCommand.class, BenchTrainCommand::new,
                DoctorCommand.class, DoctorCommand::new);
    }

    /** Opens a backend for {@code verify}, {@code score} and {@code eval}. */
    Backend open(BackendKind kind) {
        return kind.open();
    }

    /** The data directory: the option, $ESPALIER_DATA, or the user's cache. */
    DataStore data(Path option) {
        if (option != null) {
            return new DataStore(option);
        }
        String named = System.getenv("ESPALIER_DATA");
        if (named != null && !named.isBlank()) {
            return new DataStore(Path.of(named));
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        Path root = cache != null && Path.of(cache).isAbsolute()
                ? Path.of(cache)
                : Path.of(System.getProperty("user.home"), ".cache");
        return new DataStore(root.resolve("espalier").resolve("data"));
    }

    /** What signals set to stop a run. */
    StopSignal stop() {
        return new StopSignal();
    }

    /** Whether progress may be drawn over itself; the launcher knows whether standard error is a terminal. */
    boolean isTerminal() {
        return Boolean.getBoolean("espalier.terminal");
    }
}
