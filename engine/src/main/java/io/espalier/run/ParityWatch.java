package io.espalier.run;

import io.espalier.backend.Backend;
import io.espalier.backend.contract.CheckedBackend;
import io.espalier.backend.contract.Parity;
import io.espalier.data.Dataset;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Representation;
import io.espalier.study.Trial;
import io.espalier.train.Cohort;
import io.espalier.train.DataParts;
import io.espalier.train.Member;
import io.espalier.train.Part;
import io.espalier.train.Predictions;
import io.espalier.train.Readout;
import io.espalier.train.ResidentData;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/** Has a second backend look on while a device trains: at the first steps of every cohort and at every reported model. */
final class ParityWatch implements Onlooker, AutoCloseable {
    private final CheckedBackend backend;
    private final Backend shadow;
    private final ResidentData data;
    private final ResidentData shadowData;
    private final int steps;
    private final Map<Cohort, Boolean> seen = new WeakHashMap<>();
    private final Map<Member, CheckResult> results = new HashMap<>();

    /** @param data what the device trains on; the shadow gets a copy of its own */
    ParityWatch(CheckedBackend backend, Backend shadow, ResidentData data, Dataset dataset, int steps) {
        this.backend = backend;
        this.shadow = shadow;
        this.data = data;
        this.shadowData = new ResidentData(shadow, dataset);
        this.steps = steps;
    }

    @Override
    public void begin(Cohort cohort) {
        if (seen.put(cohort, true) == null) {
            backend.watch(steps);
        }
    }

    @Override
    public void end(Cohort cohort) {
        Parity parity = backend.takeParity();
        cohort.members().forEach(member -> add(member, new CheckResult(parity, 0, 0)));
    }

    /** Predicts with a reported model on both backends; what must not see the test data is tried on the validation part. */
    @Override
    public void readout(Member member, Trial trial, Readout readout) {
        Part part = readout.test() == null ? Part.VALIDATION : Part.TEST;
        int[] own = predictions(backend, data.parts(trial.data()), part, trial, readout.weights());
        int[] other = predictions(shadow, shadowData.parts(trial.data()), part, trial, readout.weights());
        int differing = 0;
        for (int i = 0; i < own.length; i++) {
            differing += own[i] == other[i] ? 0 : 1;
        }
        add(member, new CheckResult(Parity.NONE, own.length, differing));
    }

    private static int[] predictions(Backend backend, DataParts parts, Part part, Trial trial, Parameters weights) {
        NetworkSpec shape = trial.network().withSizes(weights.sizes());
        try (Network network = new Network(backend, shape, List.of(weights), Representation.of(backend, weights))) {
            return Predictions.of(backend, network, parts, part);
        }
    }

    private void add(Member member, CheckResult result) {
        results.merge(member, result, CheckResult::plus);
    }

    @Override
    public CheckResult take(Member member) {
        CheckResult result = results.remove(member);
        return result == null ? CheckResult.NONE : result;
    }

    @Override
    public void close() {
        shadowData.close();
    }
}
