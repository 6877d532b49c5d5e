package io.espalier.train;

/** Where members leave what they find; called from the thread that trains them. */
public interface Recorder {
    void epoch(Member member, EpochMetrics metrics);

    /** A look at the validation part that was asked for beside those when epochs end. */
    void evaluation(Member member, ValidationPoint point);

    void readout(Member member, Readout readout);

    void snapshot(Member member, Snapshot snapshot);

    /** The member is done or has diverged. */
    void finished(Member member, int cohortSize);

    /** Nobody. */
    Recorder NONE = new Recorder() {
        @Override
        public void epoch(Member member, EpochMetrics metrics) {}

        @Override
        public void evaluation(Member member, ValidationPoint point) {}

        @Override
        public void readout(Member member, Readout readout) {}

        @Override
        public void snapshot(Member member, Snapshot snapshot) {}

        @Override
        public void finished(Member member, int cohortSize) {}
    };
}
