package io.espalier.bench;

import java.util.List;

/**
 * One way of doing what a workload asks for.
 *
 * @param name within its workload
 * @param issued what it does to get there, which may be more than what is useful
 * @param setup makes it ready to run on operands
 */
record Candidate(String name, Role role, Precision precision, Work issued, Setup setup) {
    /** Makes something ready to run: operands come into being when they are asked for, and are closed by their owner. */
    interface Setup {
        Prepared on(Operands operands);
    }

    /**
     * Something that is ready to run, again and again.
     *
     * @param outputs the operands that it writes
     */
    record Prepared(Runnable run, List<String> outputs) {
        Prepared(Runnable run, String... outputs) {
            this(run, List.of(outputs));
        }
    }
}
