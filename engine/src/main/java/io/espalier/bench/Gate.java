package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.contract.Tolerance;
import io.espalier.bench.Candidate.Prepared;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Says whether a candidate's answers are right, before anybody looks at its time: every number of up to eight members (the first
 * ones, the last one, and some between) against the oracle within the contract's bound; of the others, that all numbers
 * are finite.
 */
final class Gate {
    private static final int COMPARED_MEMBERS = 8;

    private final Workload workload;
    private final Oracle oracle;
    private final Map<Integer, Map<String, Answer>> answers = new LinkedHashMap<>();

    /**
     * The right numbers of one output of one member.
     *
     * @param scale the same op on absolute values where the tolerance is a sum's, else the right numbers
     */
    private record Answer(double[] right, double[] scale) {}

    /** Asks the oracle. */
    Gate(Workload workload, Oracle oracle) {
        this.workload = workload;
        this.oracle = oracle;
        boolean isSum = workload.tolerance() instanceof Tolerance.Sum;
        for (int member : compared(workload.size().members())) {
            Map<String, double[]> right = outputs(oracle.backend(), member, false);
            Map<String, double[]> scale = isSum ? outputs(oracle.backend(), member, true) : right;
            Map<String, Answer> ofMember = new HashMap<>();
            right.forEach((name, values) -> ofMember.put(name, new Answer(values, scale.get(name))));
            answers.put(member, ofMember);
        }
    }

    private Map<String, double[]> outputs(Backend backend, int member, boolean absolute) {
        try (Operands operands = new Operands(backend, workload.size(), member, 1, absolute)) {
            Prepared definition = workload.definition().on(operands);
            operands.reset();
            definition.run().run();
            Map<String, double[]> outputs = new HashMap<>();
            definition.outputs().forEach(name -> outputs.put(name, operands.read(name, 0)));
            return outputs;
        }
    }

    /** Which members are compared. */
    private static List<Integer> compared(int members) {
        TreeSet<Integer> chosen = new TreeSet<>();
        for (int i = 0; i < Math.min(members, COMPARED_MEMBERS / 2); i++) {
            chosen.add(i);
        }
        for (int i = 1; i <= COMPARED_MEMBERS / 2; i++) {
            chosen.add((int) ((members - 1L) * i / (COMPARED_MEMBERS / 2)));
        }
        return new ArrayList<>(chosen);
    }

    /** Runs a candidate once and compares what it leaves. */
    Verdict verdict(Operands operands, Prepared candidate, Precision precision) {
        operands.reset();
        candidate.run().run();
        long numbers = 0;
        double worst = 0;
        for (String output : candidate.outputs()) {
            for (int member = 0; member < operands.members(); member++) {
                double[] given = operands.read(output, member);
                Map<String, Answer> known = answers.get(member);
                if (known == null) {
                    for (int i = 0; i < given.length; i++) {
                        if (!Double.isFinite(given[i])) {
                            return Verdict.wrong(place(output, member, i) + " is " + given[i]);
                        }
                    }
                    continue;
                }
                Answer answer = known.get(output);
                for (int i = 0; i < given.length; i++) {
                    double bound = oracle.bound(
                            workload.tolerance(), precision, answer.right()[i], Math.abs(answer.scale()[i]));
                    double error = Math.abs(given[i] - answer.right()[i]);
                    if (!(error <= bound)) {
                        return Verdict.wrong(place(output, member, i) + " is " + given[i] + " instead of "
                                + answer.right()[i] + " within " + bound);
                    }
                    worst = Math.max(worst, bound == 0 ? 0 : error / bound);
                }
                numbers += given.length;
            }
        }
        return Verdict.right(worst, numbers);
    }

    private static String place(String output, int member, int index) {
        return output + "[" + index + "] of member " + member;
    }
}
