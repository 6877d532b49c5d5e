package io.espalier.bench;

import io.espalier.backend.contract.Tolerance;
import java.util.List;

/**
 * A question that several candidates answer, and how the right answer is found.
 *
 * @param op what is asked for, after the op of the backend where it is one
 * @param useful what has to be done at least
 * @param tolerance how far an answer may be off
 * @param definition what the reference is asked, of one member at a time; it writes every output that a candidate may write
 */
record Workload(
        String op,
        Size size,
        Work useful,
        Tolerance tolerance,
        Candidate.Setup definition,
        List<Candidate> candidates) {}
