package io.espalier.run;

/**
 * Which Espalier this is.
 *
 * @param version release
 * @param commit git commit it was built from, or "unknown"
 * @param dirty whether the tree differed from that commit; "unknown" where there was no repository
 */
public record Build(String version, String commit, String dirty) {}
