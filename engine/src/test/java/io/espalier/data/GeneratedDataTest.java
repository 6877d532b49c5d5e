package io.espalier.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GeneratedDataTest {
    private static final int SIDE = ImageGenerator.SIDE;

    private static Examples make(ImageGenerator generator, int count) {
        return generator.examples("test", count, new PhiloxSequence(new Seed(5), Stream.GENERATED_DATA.at(0)));
    }

    @Test
    void rectanglesAreOutlinesOfTheRightShape() {
        Examples examples = make(new Rectangles(), 500);
        assertEquals(250, Arrays.stream(examples.labels()).sum(), "balanced");
        for (int i = 0; i < examples.count(); i++) {
            int[] box = boundingBox(examples, i);
            int height = box[1] - box[0] + 1;
            int width = box[3] - box[2] + 1;
            assertTrue(Math.abs(height - width) >= 3);
            assertEquals(height > width ? 1 : 0, examples.labels()[i]);
            int outline = height == 1 || width == 1 ? height * width : 2 * (height + width) - 4;
            assertEquals(outline, white(examples, i));
        }
    }

    @Test
    void convexImagesAreConvexAndTheOthersAreNot() {
        Examples examples = make(new Convex(), 4000);
        assertEquals(2000, Arrays.stream(examples.labels()).sum(), "balanced");
        double[] sums = new double[2];
        for (int i = 0; i < examples.count(); i++) {
            assertEquals(examples.labels()[i] == 1, Convex.isConvex(rows(examples, i)), "image " + i);
            sums[examples.labels()[i]] += white(examples, i) / 2000.0;
        }
        // The recipe's constants were chosen to make the classes equally bright on average.
        assertEquals(1, sums[0] / sums[1], 0.15, Arrays.toString(sums));
    }

    @Test
    void convexityOfKnownShapes() {
        int[] rows = new int[SIDE];
        rows[5] = 0b1111;
        rows[6] = 0b1111;
        assertTrue(Convex.isConvex(rows));
        rows[6] = 0b1001;
        assertFalse(Convex.isConvex(rows), "a notch in the hull's border");
        rows[6] = 0;
        rows[7] = 0b1;
        assertFalse(Convex.isConvex(rows), "two pieces");
        int[] diagonal = new int[SIDE];
        for (int y = 3; y < 22; y++) {
            diagonal[y] = 1 << y;
        }
        assertTrue(Convex.isConvex(diagonal), "pixels on one line");
    }

    @Test
    void equalSeedsGiveEqualBytes() {
        assertEquals(make(new Convex(), 20).sha256(), make(new Convex(), 20).sha256());
        assertEquals(
                make(new Rectangles(), 20).sha256(), make(new Rectangles(), 20).sha256());
    }

    @Test
    void setsOfTheCatalogKeepTheirBytes() {
        assertEquals(
                "26d8e9c4dfd9ea19",
                Catalog.RECTANGLES.generate(Ingredients.NONE).train().sha256().substring(0, 16));
        assertEquals(
                "13d3db1bab4e6c24",
                Catalog.CONVEX.generate(Ingredients.NONE).train().sha256().substring(0, 16));
    }

    private static int[] rows(Examples examples, int index) {
        int[] rows = new int[SIDE];
        for (int i = 0; i < SIDE * SIDE; i++) {
            if (examples.pixels()[index * SIDE * SIDE + i] != 0) {
                rows[i / SIDE] |= 1 << i % SIDE;
            }
        }
        return rows;
    }

    private static int white(Examples examples, int index) {
        return Arrays.stream(rows(examples, index)).map(Integer::bitCount).sum();
    }

    private static int[] boundingBox(Examples examples, int index) {
        int[] rows = rows(examples, index);
        int[] box = {SIDE, -1, SIDE, -1};
        for (int y = 0; y < SIDE; y++) {
            if (rows[y] != 0) {
                box[0] = Math.min(box[0], y);
                box[1] = y;
                box[2] = Math.min(box[2], Integer.numberOfTrailingZeros(rows[y]));
                box[3] = Math.max(box[3], 31 - Integer.numberOfLeadingZeros(rows[y]));
            }
        }
        return box;
    }
}
