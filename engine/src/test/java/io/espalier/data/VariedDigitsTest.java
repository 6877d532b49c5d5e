package io.espalier.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.espalier.data.VariedDigits.Background;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VariedDigitsTest {
    private static final int SIDE = ImageGenerator.SIDE;
    private static final int PIXELS = SIDE * SIDE;
    private static final Recipe BASIC = new VariedDigits(false, Background.BLACK);
    private static final Recipe ROT = new VariedDigits(true, Background.BLACK);
    private static final Recipe BG_RAND = new VariedDigits(false, Background.NOISE);
    private static final Recipe BG_IMG = new VariedDigits(false, Background.PATCH);
    private static final Recipe BG_IMG_ROT = new VariedDigits(true, Background.PATCH);

    private static final Ingredients SMALL =
            new Ingredients(Optional.of(new ShuffledDigits(smallMnist(), random(2))), Optional.of(Catalog.texture()));

    private static PhiloxSequence random(int stream) {
        return new PhiloxSequence(new Seed(7), Stream.GENERATED_DATA.at(stream));
    }

    /** A stand-in for MNIST: 70 training and 30 test "digits", each a few soft blobs in the middle 18 x 18 pixels, all different. */
    private static Dataset smallMnist() {
        return new Dataset("small", blobs(70, 0), blobs(30, 1));
    }

    private static Examples blobs(int count, int stream) {
        PhiloxSequence random = random(stream);
        byte[] pixels = new byte[count * PIXELS];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 10;
            for (int blob = 0; blob < 6; blob++) {
                int x = 7 + random.nextInt(12);
                int y = 7 + random.nextInt(12);
                for (int p = 0; p < 9; p++) {
                    int at = i * PIXELS + (y + p / 3) * SIDE + x + p % 3;
                    pixels[at] = (byte) Math.max(pixels[at] & 0xFF, p == 4 ? 255 : 60 + random.nextInt(100));
                }
            }
        }
        return Examples.images("blobs", SIDE, pixels, labels);
    }

    private static Examples make(Recipe recipe, int first, int count) {
        return recipe.examples("test", first, count, SMALL, random(3));
    }

    private static byte[] image(Examples examples, int index) {
        return Arrays.copyOfRange(examples.pixels(), index * PIXELS, (index + 1) * PIXELS);
    }

    private static double sum(byte[] image) {
        double sum = 0;
        for (byte pixel : image) {
            sum += pixel & 0xFF;
        }
        return sum;
    }

    @Test
    void everyDigitServesOnceAndEveryVariationHasTheSameInTheSamePlace() {
        Dataset mnist = smallMnist();
        Set<String> originals = new HashSet<>();
        for (Examples part : new Examples[] {mnist.train(), mnist.test()}) {
            for (int i = 0; i < part.count(); i++) {
                originals.add(Arrays.toString(image(part, i)) + part.labels()[i]);
            }
        }
        assertEquals(100, originals.size());
        Examples train = make(BASIC, 0, 60);
        Examples test = make(BASIC, 60, 40);
        for (Examples part : new Examples[] {train, test}) {
            for (int i = 0; i < part.count(); i++) {
                assertTrue(originals.remove(Arrays.toString(image(part, i)) + part.labels()[i]), "digit " + i);
            }
        }
        for (Recipe recipe : new Recipe[] {ROT, BG_RAND, BG_IMG, BG_IMG_ROT}) {
            assertArrayEquals(train.labels(), make(recipe, 0, 60).labels());
        }
        assertNotEquals(
                Arrays.toString(Arrays.copyOf(mnist.train().labels(), 60)), Arrays.toString(train.labels()), "mixed");
        DataException e = assertThrows(DataException.class, () -> make(BASIC, 60, 41));
        assertTrue(e.getMessage().contains("needs 101 digits, but MNIST has 100"), e.getMessage());
    }

    @Test
    void turningByQuartersMovesPixelsAndNothingElse() {
        byte[] digit = image(smallMnist().train(), 0);
        assertArrayEquals(digit, VariedDigits.turned(digit, 0));
        byte[] quarter = VariedDigits.turned(digit, StrictMath.PI / 2);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                assertEquals(digit[x * SIDE + SIDE - 1 - y], quarter[y * SIDE + x]);
            }
        }
        assertArrayEquals(digit, VariedDigits.turned(quarter, 3 * StrictMath.PI / 2));
    }

    @Test
    void turningKeepsMassAndDistanceFromTheCentre() {
        Examples basic = make(BASIC, 0, 100);
        Examples turned = make(ROT, 0, 100);
        int moved = 0;
        for (int i = 0; i < 100; i++) {
            byte[] before = image(basic, i);
            byte[] after = image(turned, i);
            assertEquals(1, sum(after) / sum(before), 0.03, "digit " + i);
            assertEquals(spread(before), spread(after), 0.4, "digit " + i);
            moved += Arrays.equals(before, after) ? 0 : 1;
        }
        assertEquals(100, moved);
    }

    /** Root mean square distance from the centre, in pixels. */
    private static double spread(byte[] image) {
        double weighted = 0;
        for (int i = 0; i < PIXELS; i++) {
            double dx = i % SIDE - 13.5;
            double dy = i / SIDE - 13.5;
            weighted += (image[i] & 0xFF) * (dx * dx + dy * dy);
        }
        return Math.sqrt(weighted / sum(image));
    }

    @Test
    void whatCrossesTheBorderIsCutOffAndBlackComesIn() {
        byte[] white = new byte[PIXELS];
        Arrays.fill(white, (byte) 255);
        byte[] turned = VariedDigits.turned(white, StrictMath.PI / 4);
        assertEquals(0, turned[0]);
        assertEquals((byte) 255, turned[14 * SIDE + 14]);
    }

    @Test
    void backgroundsAreBehindTheDigitAndFillTheRest() {
        Examples basic = make(BASIC, 0, 100);
        for (Recipe recipe : new Recipe[] {BG_RAND, BG_IMG}) {
            Examples laid = make(recipe, 0, 100);
            double behind = 0;
            int lit = 0;
            int empty = 0;
            for (int i = 0; i < basic.pixels().length; i++) {
                int digit = basic.pixels()[i] & 0xFF;
                int pixel = laid.pixels()[i] & 0xFF;
                assertTrue(pixel >= digit, "never darker than the digit");
                if (digit == 0) {
                    behind += pixel;
                    lit += pixel > 0 ? 1 : 0;
                    empty++;
                }
            }
            assertTrue(lit > 0.9 * empty, lit + " of " + empty);
            if (recipe == BG_RAND) {
                // The standard error of the mean of 70,000 uniform bytes is 0.3.
                assertEquals(127.5, behind / empty, 1.5);
            }
        }
    }

    @Test
    void equalSeedsGiveTheseBytes() {
        Map<String, String> hashes = new HashMap<>();
        hashes.put("basic", make(BASIC, 0, 30).sha256());
        hashes.put("rot", make(ROT, 0, 30).sha256());
        hashes.put("bg-rand", make(BG_RAND, 0, 30).sha256());
        hashes.put("bg-img", make(BG_IMG, 0, 30).sha256());
        hashes.put("bg-img-rot", make(BG_IMG_ROT, 0, 30).sha256());
        hashes.put("rect-img", make(new RectanglesImage(), 0, 30).sha256());
        hashes.replaceAll((name, hash) -> hash.substring(0, 16));
        assertEquals(
                Map.of(
                        "basic", "bc1e74daa6bf088d",
                        "rot", "30c6d15c9541639e",
                        "bg-rand", "315ceebb7207781e",
                        "bg-img", "6dfb2c4cffad37b3",
                        "bg-img-rot", "abe8b02e7c90124a",
                        "rect-img", "9b481899185e7296"),
                hashes);
    }

    @Test
    void officialSizesAndParts() {
        for (Catalog entry : Catalog.values()) {
            if (entry.usesDigits()) {
                assertEquals(12_000, entry.trainCount(), entry.key());
                assertEquals(50_000, entry.testCount(), entry.key());
                assertEquals(10, entry.classes(), entry.key());
            }
        }
        assertEquals(12_000, Catalog.RECTANGLES_IMAGE.trainCount());
        assertEquals(1_200, Catalog.RECTANGLES.trainCount());
        assertEquals(8_000, Catalog.CONVEX.trainCount());
        assertFalse(Catalog.MNIST.usesDigits());
    }

    @Test
    void realMnistGivesTheseSets() {
        String directory = System.getenv("ESPALIER_DATA");
        assumeTrue(directory != null, "skipped: ESPALIER_DATA does not name a directory with MNIST");
        DataStore store = new DataStore(Path.of(directory));
        Ingredients real = new Ingredients(
                Optional.of(Catalog.shuffled(store.load(new DataSource.Named(Catalog.MNIST)))), SMALL.patches());
        Map<String, String> hashes = new HashMap<>();
        for (Catalog entry : Catalog.values()) {
            if (entry.usesDigits()) {
                Dataset dataset = entry.generate(real);
                assertEquals(entry.trainCount(), dataset.train().count());
                assertEquals(entry.testCount(), dataset.test().count());
                hashes.put(
                        entry.key(),
                        dataset.train().sha256().substring(0, 16) + " "
                                + dataset.test().sha256().substring(0, 16));
                int[] counts = new int[10];
                for (int label : dataset.train().labels()) {
                    counts[label]++;
                }
                // MNIST's rarest digit, 5, is 9.0 % of all, its commonest, 1, is 11.3 %.
                for (int count : counts) {
                    assertTrue(count > 0.08 * 12_000 && count < 0.125 * 12_000, Arrays.toString(counts));
                }
            }
        }
        assertEquals(
                Map.of(
                        "mnist-basic", "c8edb8828e22a10d 879ec918dc6527d5",
                        "mnist-rotated", "dd53e6cc05e8be99 55e9981cacb21d3f",
                        "mnist-background-random", "d8e7d4726f71fcac 44e5de97ec29f99d",
                        "mnist-background-image", "98b77b842ec804b1 d04fd508bd0c86fe",
                        "mnist-rotated-background-image", "f01e6f63afa8d5f5 8876dcdb34d00092"),
                hashes);
    }
}
