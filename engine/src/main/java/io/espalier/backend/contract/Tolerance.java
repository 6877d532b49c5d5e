package io.espalier.backend.contract;

/** How far a candidate's number may be from the reference's. */
public sealed interface Tolerance {
    /**
     * The largest allowed difference.
     *
     * @param u unit roundoff of the candidate
     * @param reference the right value
     * @param scale S: the same op on absolute values
     */
    double bound(double u, double reference, double scale);

    /** Why this bound, for people. */
    String reason();

    /** No difference: integers, masks, copies. */
    record Exact() implements Tolerance {
        @Override
        public double bound(double u, double reference, double scale) {
            return 0;
        }

        @Override
        public String reason() {
            return "integers, masks and copies have no rounding";
        }
    }

    /**
     * 8 u sqrt(n) S: random-walk growth of rounding over a sum of n terms, with room for eight standard deviations.
     *
     * @param n the reduction length
     */
    record Sum(int n) implements Tolerance {
        @Override
        public double bound(double u, double reference, double scale) {
            return 8 * u * Math.sqrt(n) * scale;
        }

        @Override
        public String reason() {
            return "8 u sqrt(" + n + ") times the sum of absolute terms";
        }
    }

    /**
     * u (relative |reference| + absolute), where the sum of absolute values says nothing.
     *
     * @param why what the two numbers come from
     */
    record Stated(double relative, double absolute, String why) implements Tolerance {
        @Override
        public double bound(double u, double reference, double scale) {
            return u * (relative * Math.abs(reference) + absolute);
        }

        @Override
        public String reason() {
            return why;
        }
    }
}
