package io.espalier.run;

import io.espalier.study.Trial;
import io.espalier.train.EpochMetrics;
import io.espalier.train.Readout;
import java.nio.file.Path;
import java.util.List;

/** Who wants to know how a run is going; called from the threads that train. */
public interface Progress {
    /** Choices have added trials: these are all now. */
    void planned(List<Trial> trials);

    void started(Trial trial);

    void epoch(Trial trial, EpochMetrics metrics);

    void readout(Trial trial, Readout readout);

    void finished(Trial trial, String status);

    void failed(Trial trial, Throwable cause);

    /** A checkpoint was found damaged; the trial goes on from an earlier one, or begins anew. */
    void damaged(Trial trial, Path checkpoint);

    /** Nobody. */
    Progress NONE = new Progress() {
        @Override
        public void planned(List<Trial> trials) {}

        @Override
        public void started(Trial trial) {}

        @Override
        public void epoch(Trial trial, EpochMetrics metrics) {}

        @Override
        public void readout(Trial trial, Readout readout) {}

        @Override
        public void finished(Trial trial, String status) {}

        @Override
        public void failed(Trial trial, Throwable cause) {}

        @Override
        public void damaged(Trial trial, Path checkpoint) {}
    };
}
