package io.espalier.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchesTest {
    private static final int SIDE = ImageGenerator.SIDE;

    @TempDir
    private Path folder;

    private static PhiloxSequence random() {
        return new PhiloxSequence(new Seed(11), Stream.GENERATED_DATA.at(0));
    }

    /** Grey image whose pixels come from a formula of (x, y). */
    private static BufferedImage picture(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.getRaster().setSample(x, y, 0, (5 * x + 3 * y) % 256);
            }
        }
        return image;
    }

    private static double deviation(byte[] patch) {
        double[] values = new double[patch.length];
        for (int i = 0; i < patch.length; i++) {
            values[i] = patch[i] & 0xFF;
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow());
    }

    @Test
    void aPatchIsACutOfAnImage() throws IOException {
        ImageIO.write(
                picture(40, 31, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                folder.resolve("a.png").toFile());
        Patches patches = ImageFolder.patches(folder);
        assertEquals("patches of 1 image", patches.kind());
        byte[] patch = new byte[SIDE * SIDE];
        for (int i = 0; i < 50; i++) {
            patches.draw(random(), patch);
            for (int p = 1; p < patch.length; p++) {
                int step = p % SIDE == 0 ? 3 - 5 * (SIDE - 1) : 5;
                assertEquals((patch[p - 1] + step) & 0xFF, patch[p] & 0xFF);
            }
        }
    }

    @Test
    void valuesAreReadAsStored() throws IOException {
        BufferedImage colour = new BufferedImage(30, 30, BufferedImage.TYPE_INT_RGB);
        colour.setRGB(0, 0, 0xFF0000);
        colour.setRGB(1, 0, 0x00FF00);
        colour.setRGB(2, 0, 0x0000FF);
        colour.setRGB(3, 0, 0x646464);
        ImageIO.write(colour, "png", folder.resolve("b.PNG").toFile());
        ImageIO.write(
                picture(28, 28, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                folder.resolve("a.png").toFile());
        ImageIO.write(
                picture(64, 64, BufferedImage.TYPE_BYTE_GRAY),
                "jpeg",
                folder.resolve("c.jpeg").toFile());
        BufferedImage deep = new BufferedImage(28, 28, BufferedImage.TYPE_USHORT_GRAY);
        deep.getRaster().setSample(0, 0, 0, 0x80FF);
        ImageIO.write(deep, "png", folder.resolve("d.png").toFile());
        Files.writeString(folder.resolve("readme.txt"), "not an image");
        List<GreyImage> images = ImageFolder.patches(folder).images();
        assertEquals(
                List.of("a.png", "b.PNG", "c.jpeg", "d.png"),
                images.stream().map(GreyImage::name).toList());
        assertEquals(100, images.get(0).pixels()[20] & 0xFF, "grey as stored, not brightened");
        byte[] grey = images.get(1).pixels();
        assertEquals(
                List.of(76, 150, 29, 100), List.of(grey[0] & 0xFF, grey[1] & 0xFF, grey[2] & 0xFF, grey[3] & 0xFF));
        assertEquals(0x80, images.get(3).pixels()[0] & 0xFF);
        assertEquals(5 * 20 + 3 * 20, images.get(2).pixels()[20 * 64 + 20] & 0xFF, 6, "JPEG is close");
    }

    @Test
    void flatPatchesAreLeftOut() {
        // The left half is flat, the right half a steep pattern: only cuts that reach far enough into it may come.
        byte[] pixels = new byte[200 * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i % 200 < 100 ? 90 : (byte) (i % 2 * 100);
        }
        Patches half = new Patches("half", List.of(new GreyImage("half", 200, SIDE, pixels)));
        PhiloxSequence random = random();
        byte[] patch = new byte[SIDE * SIDE];
        for (int i = 0; i < 300; i++) {
            half.draw(random, patch);
            assertTrue(deviation(patch) >= 16);
        }
        Patches flat = new Patches("flat", List.of(new GreyImage("wall.png", 50, 50, new byte[2500])));
        DataException e = assertThrows(DataException.class, () -> flat.draw(random, patch));
        assertTrue(e.getMessage().contains("too flat") && e.getMessage().contains("wall.png"), e.getMessage());
    }

    @Test
    void foldersThatWillNotDo() throws IOException {
        complaint("There is no folder", folder.resolve("gone"));
        complaint("has no images", folder);
        Path small = Files.createDirectory(folder.resolve("small"));
        ImageIO.write(
                picture(27, 90, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                small.resolve("s.png").toFile());
        complaint("s.png is 27 x 90 pixels", small);
        Path wrong = Files.createDirectory(folder.resolve("wrong"));
        Files.writeString(wrong.resolve("w.jpg"), "no picture");
        complaint("w.jpg is neither PNG nor JPEG", wrong);
        Path damaged = Files.createDirectory(folder.resolve("damaged"));
        ImageIO.write(
                picture(90, 90, BufferedImage.TYPE_BYTE_GRAY),
                "png",
                damaged.resolve("d.png").toFile());
        byte[] bytes = Files.readAllBytes(damaged.resolve("d.png"));
        Files.write(damaged.resolve("d.png"), Arrays.copyOf(bytes, bytes.length / 2));
        complaint("d.png", damaged);
    }

    private static void complaint(String contains, Path folder) {
        DataException e = assertThrows(DataException.class, () -> ImageFolder.patches(folder));
        assertTrue(e.getMessage().contains(contains), e.getMessage());
    }

    @Test
    void textureVariesAtEveryScaleAndSaysWhatItIs() {
        Patches texture = Catalog.texture();
        assertEquals("procedural texture", texture.kind());
        assertEquals(20, texture.images().size());
        for (GreyImage image : texture.images()) {
            int[] levels = new int[256];
            for (byte pixel : image.pixels()) {
                levels[pixel & 0xFF]++;
            }
            // The rank's square: a quarter of the pixels is brighter than (3/4)^2.
            int bright = Arrays.stream(levels, 144, 256).sum();
            assertEquals(0.25, (double) bright / image.pixels().length, 0.001);
        }
    }

    @Test
    void rectanglesKeepTheirBounds() {
        // One image with values up to 100, drawn inside and outside alike, tells nothing; two kinds of patch by parity
        // do.
        byte[] even = new byte[60 * 60];
        byte[] odd = new byte[60 * 60];
        for (int i = 0; i < even.length; i++) {
            even[i] = (byte) (i % 2 * 100);
            odd[i] = (byte) (i % 2 * 100 + 1);
        }
        Patches patches =
                new Patches("parity", List.of(new GreyImage("even", 60, 60, even), new GreyImage("odd", 60, 60, odd)));
        Examples examples = new RectanglesImage()
                .examples("test", 0, 400, new Ingredients(Optional.empty(), Optional.of(patches)), random());
        assertEquals(200, Arrays.stream(examples.labels()).sum(), "balanced");
        int told = 0;
        for (int i = 0; i < 400; i++) {
            int parity = examples.pixels()[i * SIDE * SIDE] & 1;
            int top = SIDE;
            int bottom = -1;
            int left = SIDE;
            int right = -1;
            for (int p = 0; p < SIDE * SIDE; p++) {
                if ((examples.pixels()[i * SIDE * SIDE + p] & 1) != parity) {
                    top = Math.min(top, p / SIDE);
                    bottom = Math.max(bottom, p / SIDE);
                    left = Math.min(left, p % SIDE);
                    right = Math.max(right, p % SIDE);
                }
            }
            int height = bottom - top + 1;
            int width = right - left + 1;
            if (bottom < 0 || (top == 0 && left == 0) || height == SIDE || width == SIDE) {
                continue;
            }
            told++;
            assertTrue(Math.min(height, width) >= 10 && Math.abs(height - width) >= 5, height + " x " + width);
            assertTrue(height * width >= 196 && height * width <= 588, height + " x " + width);
            assertEquals(height > width ? 1 : 0, examples.labels()[i]);
        }
        assertTrue(told > 100, told + " could be told from outside");
    }
}
