package io.espalier.data;

import io.espalier.random.PhiloxSequence;

/**
 * White regions; class 1 is convex. A re-creation of the set of Larochelle et al. (ICML 2007).
 *
 * <p>Convex: the intersection of half-planes of uniform location and orientation, their number geometric with p = 0.195, at
 * least 19 pixels. Not convex: the union of two to four such sets with p = 0.07 and at least 10 pixels each, kept only if the
 * union is not convex. Our choices where the recipe is silent: the geometric law starts at one; a half-plane's border passes
 * through a uniform point of the image; a half-plane that would leave too few pixels is drawn again, for of the readings tried
 * this one makes both classes about equally bright (163 and 175 of 784 pixels on average over the test part), which is what the recipe's constants were
 * chosen for; and "not convex" means that some pixel centre inside the convex hull of the white pixels is black (the published
 * check walks all pairs of pixels).
 */
final class Convex implements ImageGenerator {
    @Override
    public void draw(int label, PhiloxSequence random, byte[] image) {
        // Row y is a bit mask: bit x is pixel x.
        int[] rows = label == 1 ? convexSet(random, 0.195, 19) : union(random);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                if ((rows[y] >>> x & 1) == 1) {
                    image[y * SIDE + x] = (byte) 255;
                }
            }
        }
    }

    private static int[] union(PhiloxSequence random) {
        while (true) {
            int[] rows = new int[SIDE];
            int parts = 2 + random.nextInt(3);
            for (int part = 0; part < parts; part++) {
                int[] set = convexSet(random, 0.07, 10);
                for (int y = 0; y < SIDE; y++) {
                    rows[y] |= set[y];
                }
            }
            if (!isConvex(rows)) {
                return rows;
            }
        }
    }

    private static int[] convexSet(PhiloxSequence random, double p, int minPixels) {
        int[] rows = new int[SIDE];
        java.util.Arrays.fill(rows, (1 << SIDE) - 1);
        do {
            int[] smaller;
            do {
                smaller = rows.clone();
                intersectHalfPlane(random, smaller);
            } while (pixels(smaller) < minPixels);
            rows = smaller;
        } while (random.nextDouble() >= p);
        return rows;
    }

    private static int pixels(int[] rows) {
        int count = 0;
        for (int row : rows) {
            count += Integer.bitCount(row);
        }
        return count;
    }

    /** Keeps the pixels whose centre (x, y) satisfies cos (x - x0) + sin (y - y0) >= 0. */
    private static void intersectHalfPlane(PhiloxSequence random, int[] rows) {
        double x0 = random.nextDouble() * SIDE - 0.5;
        double y0 = random.nextDouble() * SIDE - 0.5;
        double angle = 2 * StrictMath.PI * random.nextDouble();
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                if ((rows[y] >>> x & 1) == 1 && cos * (x - x0) + sin * (y - y0) < 0) {
                    rows[y] &= ~(1 << x);
                }
            }
        }
    }

    /** Whether every pixel centre inside the convex hull of the white pixels is white. */
    static boolean isConvex(int[] rows) {
        int[] hull = hull(rows);
        int corners = hull.length / 2;
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                if ((rows[y] >>> x & 1) == 0 && inside(hull, corners, x, y)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean inside(int[] hull, int corners, int x, int y) {
        int left = SIDE;
        int right = -1;
        int top = SIDE;
        int bottom = -1;
        for (int i = 0; i < corners; i++) {
            int next = (i + 1) % corners;
            if (cross(hull, i, next, x, y) < 0) {
                return false;
            }
            left = Math.min(left, hull[2 * i]);
            right = Math.max(right, hull[2 * i]);
            top = Math.min(top, hull[2 * i + 1]);
            bottom = Math.max(bottom, hull[2 * i + 1]);
        }
        // The box decides where all white pixels are on one line, which has no inside to be left of.
        return x >= left && x <= right && y >= top && y <= bottom;
    }

    private static int cross(int[] points, int from, int to, int x, int y) {
        int dx = points[2 * to] - points[2 * from];
        int dy = points[2 * to + 1] - points[2 * from + 1];
        return dx * (y - points[2 * from + 1]) - dy * (x - points[2 * from]);
    }

    /** The hull's corners as (x, y) pairs, by Andrew's monotone chain over the outermost pixels of each row. */
    private static int[] hull(int[] rows) {
        int[] chain = new int[8 * SIDE];
        int size = 0;
        for (int y = 0; y < SIDE; y++) {
            if (rows[y] != 0) {
                size = append(chain, size, 0, 31 - Integer.numberOfLeadingZeros(rows[y]), y);
            }
        }
        int base = size - 1;
        for (int y = SIDE - 1; y >= 0; y--) {
            if (rows[y] != 0) {
                size = append(chain, size, base, Integer.numberOfTrailingZeros(rows[y]), y);
            }
        }
        return java.util.Arrays.copyOf(chain, 2 * size);
    }

    private static int append(int[] chain, int size, int base, int x, int y) {
        int kept = size;
        while (kept - base >= 2 && cross(chain, kept - 2, kept - 1, x, y) <= 0) {
            kept--;
        }
        chain[2 * kept] = x;
        chain[2 * kept + 1] = y;
        return kept + 1;
    }
}
