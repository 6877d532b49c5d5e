package io.espalier.run;

import io.espalier.study.Trial;
import io.espalier.train.Cohort;
import io.espalier.train.Member;
import io.espalier.train.Readout;

/** Somebody who compares what a device does, and changes nothing. */
interface Onlooker {
    /** Nobody looks on. */
    Onlooker NONE = new Onlooker() {
        @Override
        public void begin(Cohort cohort) {}

        @Override
        public void end(Cohort cohort) {}

        @Override
        public void readout(Member member, Trial trial, Readout readout) {}

        @Override
        public CheckResult take(Member member) {
            return null;
        }
    };

    /** Before a cohort trains. */
    void begin(Cohort cohort);

    /** After it has, and before its members are told that they are done. */
    void end(Cohort cohort);

    /** A model has been reported. */
    void readout(Member member, Trial trial, Readout readout);

    /** What was found for a member that is done; null if nobody looked. */
    CheckResult take(Member member);
}
