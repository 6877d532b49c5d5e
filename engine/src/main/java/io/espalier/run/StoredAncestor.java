package io.espalier.run;

import io.espalier.network.ModelFile;
import io.espalier.network.Parameters;
import io.espalier.study.Trial;
import io.espalier.train.Ancestor;
import io.espalier.train.Length;
import io.espalier.train.Snapshot;

/** A parent as its files have it, so that a child sees the same weights whether its parent ran just now or last week. */
record StoredAncestor(RunDirectory directory, Trial trial, TrialResult result) implements Ancestor {
    @Override
    public Parameters reported() {
        return ModelFile.read(
                trial.network(),
                directory.modelPath(
                        trial, trial.ratios().get(trial.ratios().size() - 1).toString()));
    }

    @Override
    public Snapshot snapshot(Length at) {
        return SnapshotFile.read(directory.trial(trial.id()), trial.network(), at);
    }

    @Override
    public int step() {
        return result.step();
    }

    @Override
    public double epochs() {
        return result.rows().get(result.rows().size() - 1).epochs();
    }
}
