package io.espalier.study;

import io.espalier.compress.CompressionRatio;
import java.util.List;
import java.util.Optional;

/**
 * A choice between configurations of one method.
 *
 * @param ratio where each ratio chooses for itself; empty: one choice for all
 * @param candidates the trials of every configuration, over all seeds and the ratios concerned
 */
public record Contest(String method, Optional<CompressionRatio> ratio, List<Candidate> candidates) {
    /** One configuration and the trials that speak for it. */
    public record Candidate(String label, List<Trial> trials) {
        public Candidate {
            trials = List.copyOf(trials);
            if (trials.isEmpty()) {
                throw new IllegalArgumentException("A configuration without trials cannot be chosen");
            }
        }
    }
}
