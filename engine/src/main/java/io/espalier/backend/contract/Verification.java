package io.espalier.backend.contract;

import io.espalier.backend.Backend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Holds a candidate backend against the reference, case by case. */
public final class Verification {
    private Verification() {}

    /**
     * What one op's cases showed.
     *
     * @param cases how many were asked
     * @param worst the largest error over its bound; 0 for an exact op that is exact, infinite for one that is not
     * @param worstCase the case that showed it
     * @param failure a sentence about the first failed case, or empty
     */
    public record OpResult(String op, int cases, double worst, String worstCase, String failure) {
        public boolean passed() {
            return failure.isEmpty();
        }

        private OpResult plus(OpResult other) {
            return new OpResult(
                    op,
                    cases + other.cases,
                    Math.max(worst, other.worst),
                    other.worst > worst ? other.worstCase : worstCase,
                    failure.isEmpty() ? other.failure : failure);
        }
    }

    /** One result an op, in contract order. */
    public static List<OpResult> run(List<OpCase> cases, Expectations expected, Backend candidate) {
        Map<String, OpResult> results = new LinkedHashMap<>();
        for (OpCase question : cases) {
            results.merge(question.op(), check(question, expected, candidate), OpResult::plus);
        }
        return new ArrayList<>(results.values());
    }

    /** The result of a single case. */
    public static OpResult check(OpCase question, Expectations expected, Backend candidate) {
        Map<String, Expectations.Answer> answers = expected.of(question);
        Map<String, double[]> given;
        try {
            given = Bench.outputs(question, candidate, false);
        } catch (RuntimeException e) {
            return new OpResult(
                    question.op(), 1, Double.POSITIVE_INFINITY, question.label(), question.id() + " threw " + e);
        }
        double worst = 0;
        String failure = "";
        for (Map.Entry<String, Expectations.Answer> output : answers.entrySet()) {
            double[] right = output.getValue().right();
            double[] scale = output.getValue().scale();
            double[] actual = given.get(output.getKey());
            if (actual == null || actual.length != right.length) {
                return new OpResult(
                        question.op(),
                        1,
                        Double.POSITIVE_INFINITY,
                        question.label(),
                        question.id() + ": output " + output.getKey() + " has another size than expected.");
            }
            for (int i = 0; i < right.length; i++) {
                double bound = question.tolerance().bound(candidate.unitRoundoff(), right[i], Math.abs(scale[i]));
                double ratio = ratio(actual[i], right[i], bound);
                worst = Math.max(worst, ratio);
                if (ratio > 1 && failure.isEmpty()) {
                    failure = question.id() + ": " + output.getKey() + "[" + i + "] is " + actual[i] + ", expected "
                            + right[i] + " within " + bound + " ("
                            + question.tolerance().reason() + ").";
                }
            }
        }
        return new OpResult(question.op(), 1, worst, question.label(), failure);
    }

    /** The error over its bound; infinite where no error is allowed, 0 where both are equal or not a number. */
    static double ratio(double actual, double right, double bound) {
        if (Double.compare(actual, right) == 0 || actual == right) {
            return 0;
        }
        double ratio = Math.abs(actual - right) / bound;
        return Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : ratio;
    }
}
