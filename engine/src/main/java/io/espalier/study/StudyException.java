package io.espalier.study;

/** A study that cannot be run; says where in it and what to do, in at most two sentences. */
public final class StudyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String where;

    /** @param where a path into the study, such as {@code ratios[2]} or {@code training.batch} */
    public StudyException(String where, String message) {
        super(message);
        this.where = where;
    }

    public String where() {
        return where;
    }
}
