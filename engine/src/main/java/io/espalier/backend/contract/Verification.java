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
    public static List<OpResult> run(List<OpCase> cases, Backend reference, Backend candidate) {
        Map<String, OpResult> results = new LinkedHashMap<>();
        for (OpCase question : cases) {
            results.merge(question.op(), check(question, reference, candidate), OpResult::plus);
        }
        return new ArrayList<>(results.values());
    }

    /** The result of a single case. */
    public static OpResult check(OpCase question, Backend reference, Backend candidate) {
        Map<String, double[]> right = Bench.outputs(question, reference, false);
        Map<String, double[]> scale =
                question.tolerance() instanceof Tolerance.Sum ? Bench.outputs(question, reference, true) : right;
        Map<String, double[]> given;
        try {
            given = Bench.outputs(question, candidate, false);
        } catch (RuntimeException e) {
            return new OpResult(
                    question.op(), 1, Double.POSITIVE_INFINITY, question.label(), question.id() + " threw " + e);
        }
        double worst = 0;
        String failure = "";
        for (Map.Entry<String, double[]> output : right.entrySet()) {
            double[] expected = output.getValue();
            double[] actual = given.get(output.getKey());
            double[] sums = scale.get(output.getKey());
            for (int i = 0; i < expected.length; i++) {
                double bound = question.tolerance().bound(candidate.unitRoundoff(), expected[i], Math.abs(sums[i]));
                double error = Math.abs(actual[i] - expected[i]);
                double ratio =
                        error == 0 ? 0 : bound == 0 || Double.isNaN(error) ? Double.POSITIVE_INFINITY : error / bound;
                worst = Math.max(worst, ratio);
                if (ratio > 1 && failure.isEmpty()) {
                    failure = question.id() + ": " + output.getKey() + "[" + i + "] is " + actual[i] + ", expected "
                            + expected[i] + " within " + bound + " ("
                            + question.tolerance().reason() + ").";
                }
            }
        }
        return new OpResult(question.op(), 1, worst, question.label(), failure);
    }
}
