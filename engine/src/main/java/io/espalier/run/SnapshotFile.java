package io.espalier.run;

import io.espalier.data.DataException;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.train.Length;
import io.espalier.train.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A snapshot on disk: two model files, weights and velocities, under names that say where in training they are from. */
final class SnapshotFile {
    private SnapshotFile() {}

    static void write(Path trial, NetworkSpec spec, Snapshot snapshot) throws IOException {
        Parameters velocities = snapshot.parameters().withValues(snapshot.velocities());
        AtomicFiles.replace(velocityPath(trial, snapshot.at()), ModelFile.bytes(spec, velocities));
        AtomicFiles.replace(path(trial, snapshot.at()), ModelFile.bytes(spec, snapshot.parameters()));
    }

    static Snapshot read(Path trial, NetworkSpec spec, Length at) {
        if (!path(trial, at).toFile().exists()) {
            throw new DataException(path(trial, at) + " does not exist, but a trial rewinds to it. Remove " + trial
                    + " and run again.");
        }
        List<float[]> velocities = ModelFile.read(spec, velocityPath(trial, at)).values();
        return new Snapshot(ModelFile.read(spec, path(trial, at)), velocities, at);
    }

    private static Path path(Path trial, Length at) {
        return trial.resolve("snapshot-" + at + ".safetensors");
    }

    private static Path velocityPath(Path trial, Length at) {
        return trial.resolve("snapshot-" + at + ".velocity.safetensors");
    }
}
