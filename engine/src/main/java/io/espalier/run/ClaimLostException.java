package io.espalier.run;

import io.espalier.study.Trial;

/** A trial went to another worker, who took this one for dead; what was found here is not to be published. */
final class ClaimLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClaimLostException(Trial trial, Throwable cause) {
        super("Trial " + trial.id() + " was taken over by another worker.", cause);
    }
}
