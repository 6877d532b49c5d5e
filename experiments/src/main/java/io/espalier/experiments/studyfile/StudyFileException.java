package io.espalier.experiments.studyfile;

/** A mistake in a study file; the message starts with file, line and column and has at most two sentences. */
public final class StudyFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StudyFileException(String message) {
        super(message);
    }

    StudyFileException(Position position, String message) {
        super(position + ": " + message);
    }
}
