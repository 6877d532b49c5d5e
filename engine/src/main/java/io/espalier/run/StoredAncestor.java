package io.espalier.run;

import io.espalier.compress.CompressionRatio;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.study.Trial;
import io.espalier.train.Ancestor;
import io.espalier.train.Length;
import io.espalier.train.Snapshot;
import java.util.Optional;

/** A parent as its files have it, so that a child sees the same weights whether its parent ran just now or last week. */
record StoredAncestor(RunDirectory directory, Trial trial, TrialResult result) implements Ancestor {
    @Override
    public Reported last() {
        return at(trial.ratios().get(trial.ratios().size() - 1)).orElseThrow();
    }

    @Override
    public Optional<Reported> at(CompressionRatio ratio) {
        return result.row(ratio).map(row -> {
            NetworkSpec shape = row.shape(trial.network());
            return new Reported(
                    shape,
                    ModelFile.read(shape, directory.modelPath(trial, row.ratioTarget())),
                    row.epochs(),
                    row.trainSeconds());
        });
    }

    @Override
    public Snapshot snapshot(Length at) {
        return SnapshotFile.read(directory.trial(trial.id()), trial.network(), at);
    }

    @Override
    public int step() {
        return result.step();
    }
}
