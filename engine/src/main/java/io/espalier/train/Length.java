package io.espalier.train;

/**
 * A point or stretch of training in the unit its author chose.
 *
 * @param count at least 0
 */
public record Length(int count, Unit unit) {
    /** What is counted. */
    public enum Unit {
        EPOCHS("ep"),
        STEPS("it");

        private final String suffix;

        Unit(String suffix) {
            this.suffix = suffix;
        }
    }

    public Length {
        if (count < 0) {
            throw new IllegalArgumentException("A length of training cannot be negative, got " + count);
        }
    }

    public static Length epochs(int count) {
        return new Length(count, Unit.EPOCHS);
    }

    /** Steps, in a training part with so many steps an epoch. */
    public int steps(int stepsPerEpoch) {
        return unit == Unit.EPOCHS ? Math.multiplyExact(count, stepsPerEpoch) : count;
    }

    /** As study files write it: 40ep, 2000it. */
    @Override
    public String toString() {
        return count + unit.suffix;
    }

    /** Reads 40ep or 2000it. */
    public static Length parse(String text) {
        for (Unit unit : Unit.values()) {
            if (text.endsWith(unit.suffix)) {
                String digits = text.substring(0, text.length() - unit.suffix.length());
                if (digits.matches("[0-9]{1,9}")) {
                    return new Length(Integer.parseInt(digits), unit);
                }
            }
        }
        throw new IllegalArgumentException(
                "A length of training is written like 40ep (epochs) or 2000it (steps), got " + text);
    }
}
