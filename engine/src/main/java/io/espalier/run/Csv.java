package io.espalier.run;

import java.util.Locale;

/** Cells of tables that other programs read: RFC 4180 quotes, points in numbers, nothing for what is not known. */
public final class Csv {
    private Csv() {}

    /** So many decimals; empty for NaN. */
    public static String number(double value, int decimals) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** As it is, or in quotes if it needs them. */
    public static String quoted(String text) {
        return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
