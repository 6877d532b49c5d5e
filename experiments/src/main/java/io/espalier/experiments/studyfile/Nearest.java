package io.espalier.experiments.studyfile;

import java.util.Collection;
import java.util.Comparator;

/** The valid name that a mistyped one is closest to. */
public final class Nearest {
    private Nearest() {}

    /** A hint such as "Did you mean `epochs`?", or the list of all names if none is close. */
    public static String hint(String given, Collection<String> valid) {
        String nearest = valid.stream()
                .min(Comparator.comparingInt(name -> distance(given, name)))
                .orElse("");
        boolean close = !nearest.isEmpty() && distance(given, nearest) <= Math.max(2, given.length() / 3);
        return close ? "Did you mean `" + nearest + "`?" : "Valid names: " + String.join(", ", valid) + ".";
    }

    /** Insertions, deletions, substitutions and swaps of neighbours that turn one into the other. */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int substitution = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(substitution, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
