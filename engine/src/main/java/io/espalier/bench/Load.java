package io.espalier.bench;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a benchmark of training does with the weights of a network. */
public sealed interface Load {
    /** Steps that train all of them. */
    Load DENSE = new Dense();

    /** One pass that finds the curvature of every weight, forward pass included. */
    Load CURVATURE = new CurvaturePass();

    /** All weights. */
    record Dense() implements Load {
        @Override
        public String toString() {
            return "dense";
        }
    }

    /**
     * What a mask leaves.
     *
     * @param sparsity the share of weights that is removed, above 0 and below 1
     */
    record Masked(double sparsity) implements Load {
        public Masked {
            if (!(sparsity > 0 && sparsity < 1)) {
                throw new IllegalArgumentException("A mask that removes " + sparsity
                        + " of the weights is none: say above 0 and below 1 (0 to 100 %)");
            }
        }

        @Override
        public String toString() {
            return "masked " + sparsity;
        }
    }

    /**
     * Numbers that weights share.
     *
     * @param compression weights for each number, above 1
     */
    record Hashed(int compression) implements Load {
        public Hashed {
            if (compression < 2) {
                throw new IllegalArgumentException("A compression of " + compression + " is none: say 2 or more");
            }
        }

        @Override
        public String toString() {
            return "hashed " + compression;
        }
    }

    /** The diagonal of the Hessian in Levenberg and Marquardt's form. */
    record CurvaturePass() implements Load {
        @Override
        public String toString() {
            return "curvature";
        }
    }

    /** What {@link #toString} of one gave, in another process. */
    static Load parse(String text) {
        Matcher number = Pattern.compile("(masked|hashed) ([0-9.]+)").matcher(text);
        if (number.matches()) {
            return number.group(1).equals("masked")
                    ? new Masked(Double.parseDouble(number.group(2)))
                    : new Hashed(Integer.parseInt(number.group(2)));
        }
        return switch (text) {
            case "dense" -> DENSE;
            case "curvature" -> CURVATURE;
            default -> throw new IllegalArgumentException("No load: " + text);
        };
    }

    /** What is measured, as an op of a report. */
    default String op() {
        return toString().split(" ")[0].toLowerCase(Locale.ROOT) + (this instanceof CurvaturePass ? " pass" : " step");
    }

    /** The size with this load. */
    default Size of(Size dense) {
        if (this instanceof Masked masked) {
            return dense.pruned(masked.sparsity);
        }
        return this instanceof Hashed hashed ? dense.hashed(hashed.compression) : dense;
    }
}
