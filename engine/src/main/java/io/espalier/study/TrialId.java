package io.espalier.study;

import com.fasterxml.jackson.databind.JsonNode;
import io.espalier.data.Hashes;

/**
 * The identity of a trial: the first 12 hexadecimal digits of the SHA-256 of its canonical text. Equal trials have equal ids on
 * every machine and in every release; a new option must leave the text of trials that do not use it as it was.
 */
public record TrialId(String value) {
    private static final int DIGITS = 12;

    static TrialId of(JsonNode canonical) {
        return new TrialId(Hashes.sha256(canonical.toString()).substring(0, DIGITS));
    }

    @Override
    public String toString() {
        return value;
    }
}
