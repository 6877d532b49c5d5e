package io.espalier.bench;

/** What a candidate is in a comparison. */
public enum Role {
    /** What is being measured. */
    SUBJECT,
    /** Does the same job: what the subject has to beat. */
    PEER,
    /** Does a part of the job, or an easier one: what the subject's price is counted in. */
    BASELINE
}
