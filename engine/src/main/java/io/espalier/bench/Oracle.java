package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.DeviceUnavailableException;
import io.espalier.backend.contract.Tolerance;
import io.espalier.run.BackendKind;
import java.util.function.Function;

/**
 * Who says what is right: the float64 reference, or, where ND4J is not, the processors' backend, which {@code verify --against} holds
 * to the reference's recorded answers.
 *
 * @param roundoff its own relative error of one rounding, for which bounds allow too
 */
public record Oracle(Backend backend, double roundoff) implements AutoCloseable {
    /** The reference, which is taken at its word. */
    public static Oracle reference(Backend reference) {
        return new Oracle(reference, 0);
    }

    /**
     * The best there is for this kind of backend.
     *
     * @param open opens a backend
     * @throws DeviceUnavailableException if there is no reference and processors would be compared with themselves
     */
    public static Oracle of(BackendKind measured, Function<BackendKind, Backend> open) {
        try {
            return reference(open.apply(BackendKind.REFERENCE));
        } catch (DeviceUnavailableException e) {
            if (measured == BackendKind.CPU) {
                throw e;
            }
            return new Oracle(open.apply(BackendKind.CPU), Precision.FP32.roundoff());
        }
    }

    /** How far a number may be from what it says. */
    double bound(Tolerance tolerance, Precision precision, double right, double scale) {
        double own = roundoff == 0 ? 0 : tolerance.bound(roundoff, right, scale);
        return own + tolerance.bound(precision.roundoff(), right, scale);
    }

    /** For the record. */
    public String describe() {
        return roundoff == 0
                ? "the float64 reference"
                : "backend " + backend.name() + " in float32, its own bound added, for want of ND4J";
    }

    @Override
    public void close() {
        backend.close();
    }
}
