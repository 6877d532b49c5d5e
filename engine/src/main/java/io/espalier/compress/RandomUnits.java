package io.espalier.compress;

import io.espalier.network.NetworkSpec;
import io.espalier.random.Philox;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.List;

/**
 * A uniform number that depends on seed, step and the unit's place among those left only: the control that every criterion must
 * beat.
 */
record RandomUnits() implements UnitSaliency {
    @Override
    public String name() {
        return "random";
    }

    @Override
    public List<double[]> scores(Saliency.Subject subject) {
        NetworkSpec spec = subject.network().spec();
        Seed seed = subject.seed();
        List<double[]> scores = new ArrayList<>();
        for (int layer = 0; layer < spec.layers() - 1; layer++) {
            int stream = Stream.RANDOM_UNITS.at(layer);
            double[] ofLayer = new double[spec.outputs(layer)];
            java.util.Arrays.setAll(
                    ofLayer,
                    unit -> Philox.unitFloat(Philox.word(seed.low(), seed.high(), unit, subject.step(), stream)));
            scores.add(ofLayer);
        }
        return scores;
    }
}
