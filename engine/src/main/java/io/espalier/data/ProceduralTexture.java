package io.espalier.data;

import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Grey textures made of seeded value noise, for backgrounds where nobody has named images. They are no photographs: they have
 * structure at all scales, but neither objects nor straight edges, so errors measured on them compare with each other and not
 * with published ones.
 *
 * <p>Each image is a sum of octaves of random lattices with cells of 64, 32, ... 2 pixels, smoothly interpolated; an octave's
 * amplitude is the one before it times a factor uniform on 0.5 to 0.9, drawn for each image. The rank of a value among its image's
 * n then becomes the grey level 256 (rank / n)^2: full contrast, and dark levels more frequent than bright ones, as in photographs.
 */
final class ProceduralTexture {
    static final String KIND = "procedural texture";

    /** As many images as the original sets had. */
    private static final int IMAGES = 20;

    private static final int SIDE = 512;
    private static final int LARGEST_CELL = 64;

    private ProceduralTexture() {}

    /**
     * The textures of a seed.
     *
     * @param substream the first of 20 substreams of {@link Stream#GENERATED_DATA}, one an image
     */
    static Patches patches(Seed seed, int substream) {
        List<GreyImage> images = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            PhiloxSequence random = new PhiloxSequence(seed, Stream.GENERATED_DATA.at(substream + i));
            images.add(new GreyImage(KIND + " " + (i + 1), SIDE, SIDE, grey(noise(random))));
        }
        return new Patches(KIND, images);
    }

    private static double[] noise(PhiloxSequence random) {
        double[] sum = new double[SIDE * SIDE];
        double factor = 0.5 + 0.4 * random.nextDouble();
        double amplitude = 1;
        for (int cell = LARGEST_CELL; cell >= 2; cell /= 2) {
            addOctave(sum, cell, amplitude, random);
            amplitude *= factor;
        }
        return sum;
    }

    private static void addOctave(double[] sum, int cell, double amplitude, PhiloxSequence random) {
        int nodes = SIDE / cell + 1;
        double[] lattice = new double[nodes * nodes];
        for (int i = 0; i < lattice.length; i++) {
            lattice[i] = amplitude * random.nextDouble();
        }
        for (int y = 0; y < SIDE; y++) {
            double down = smooth((double) (y % cell) / cell);
            int row = y / cell * nodes;
            for (int x = 0; x < SIDE; x++) {
                double right = smooth((double) (x % cell) / cell);
                int node = row + x / cell;
                double above = lattice[node] + right * (lattice[node + 1] - lattice[node]);
                double below = lattice[node + nodes] + right * (lattice[node + nodes + 1] - lattice[node + nodes]);
                sum[y * SIDE + x] += above + down * (below - above);
            }
        }
    }

    /** From 0 to 1 with a slope of zero at both ends, so that cells show no seams. */
    private static double smooth(double t) {
        return t * t * (3 - 2 * t);
    }

    private static byte[] grey(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] thresholds = new double[255];
        for (int level = 1; level <= 255; level++) {
            thresholds[level - 1] = sorted[(int) StrictMath.ceil(values.length * StrictMath.sqrt(level / 256.0))];
        }
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            int found = Arrays.binarySearch(thresholds, values[i]);
            bytes[i] = (byte) (found >= 0 ? found + 1 : -found - 1);
        }
        return bytes;
    }
}
