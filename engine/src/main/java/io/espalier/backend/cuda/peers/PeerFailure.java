package io.espalier.backend.cuda.peers;

/** Another library refused to do something, or failed at it. */
public final class PeerFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PeerFailure(String product, String reason) {
        super(product + " refused: " + reason);
    }
}
