package io.espalier.experiments.report;

import io.espalier.backend.contract.Parity;
import io.espalier.run.CheckResult;
import java.util.Locale;

/** What checking against a second backend found, as a sentence. */
public final class CheckText {
    private CheckText() {}

    /** The sentence. */
    public static String of(CheckResult check) {
        Parity parity = check.parity();
        return String.format(
                Locale.ROOT,
                "Checked against a second backend: %d ops, the largest error %.2g of its bound%s; %d of %d predictions differ%s.",
                parity.calls(),
                parity.worst(),
                parity.worstOp().isEmpty() ? "" : " (" + parity.worstOp() + ")",
                check.differing(),
                check.predictions(),
                parity.holds() ? "" : ". THE BOUND IS BROKEN");
    }
}
