package io.espalier.backend.contract;

import io.espalier.backend.Backend;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where the right answers come from: the reference itself, or what it said earlier. */
public interface Expectations {
    /**
     * What an output should be.
     *
     * @param right the reference's numbers, members one after the other
     * @param scale S of every number: the same op on absolute values where the tolerance is a sum's, else the right number
     */
    record Answer(double[] right, double[] scale) {}

    /** The answers of a case by output name. */
    Map<String, Answer> of(OpCase question);

    /** Asks the reference. */
    static Expectations of(Backend reference) {
        return question -> {
            Map<String, double[]> right = Bench.outputs(question, reference, false);
            boolean isSum = question.tolerance() instanceof Tolerance.Sum;
            Map<String, double[]> scale = isSum ? Bench.outputs(question, reference, true) : right;
            Map<String, Answer> answers = new LinkedHashMap<>();
            right.forEach((name, values) -> answers.put(name, new Answer(values, scale.get(name))));
            return answers;
        };
    }
}
