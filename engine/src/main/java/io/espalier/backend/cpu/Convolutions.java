package io.espalier.backend.cpu;

import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import io.espalier.backend.cpu.Correlation.Weights;
import io.espalier.backend.cpu.PackedPixels.Images;
import io.espalier.backend.cpu.PackedPixels.Piece;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The three products of convolutions, straight from the images: the windows are never written out as a matrix. An infinite weight that meets only zeros
 * around the image may be left out, where arithmetic says that the sum is not a number.
 *
 * <p>Measured on Zen 5, one core, 128 examples, 3 x 3 places, in ms and beside OpenBLAS's products with the windows a band at a time: 16 to 16 channels of 32 x
 * 32, forward 3.6 (8.9), to the inputs 3.7 (6.9), to the weights 5.2 (9.1); 64 to 64 of 8 x 8, 2.7 (4.0), 2.6 (3.4) and 4.1 (3.9); 128 to 128 of 8 x 8, 10.8 (13.8),
 * 11.0 (12.0) and 19.7 (12.7).
 */
final class Convolutions {
    /** Sums that a weight gradient is collected in: as many cores may work at it. */
    private static final int SUMS = 8;

    /** Correlations that are kept: more than a network has of different shapes. Pruning makes ever new ones. */
    private static final int KNOWN = 128;

    private record Shapes(Images from, Axis down, Axis across, Images to) {}

    private final Cores cores;
    private final Correlation.Room[] rooms;
    private final GradientRoom[] gradientRooms;
    private final float[][] sums = new float[SUMS][0];
    private final Map<Shapes, Correlation> known = new HashMap<>();

    /** What a thread needs for a piece of a weight gradient. */
    private static final class GradientRoom {
        private final PackedPixels pixels = new PackedPixels();
        private final GradientTiles tiles = new GradientTiles();
        private float[] gradient = new float[0];

        /** Packs the gradient of a piece, (channels, all): lines with zeros behind them. */
        private void copyGradient(Cut cut, int piece, Images images, float[] from, int line, int all) {
            int rows = cut.rows(piece);
            int examples = cut.examples(piece);
            int width = images.width() * cut.examples();
            if (gradient.length < images.channels() * all) {
                gradient = new float[images.channels() * all];
            }
            if (examples < cut.examples()) {
                Arrays.fill(gradient, 0, images.channels() * all, 0f);
            }
            for (int o = 0; o < images.channels(); o++) {
                for (int row = 0; row < rows; row++) {
                    int pixel = images.pixel(o, cut.firstRow(piece) + row, 0) + cut.firstExample(piece);
                    int to = o * all + row * line;
                    PackedPixels.runs(
                            from, pixel, images.batch(), gradient, to, cut.examples(), images.width(), examples);
                    Arrays.fill(gradient, to + width, row + 1 < rows ? to + line : (o + 1) * all, 0f);
                }
            }
        }
    }

    Convolutions(Cores cores) {
        this.cores = cores;
        rooms = forEach(Correlation.Room::new).toArray(Correlation.Room[]::new);
        gradientRooms = forEach(GradientRoom::new).toArray(GradientRoom[]::new);
    }

    private <T> Stream<T> forEach(Supplier<T> room) {
        return Stream.generate(room).limit(cores.count());
    }

    private static Images inputs(Window window, int batch) {
        return new Images(window.channels(), window.height(), window.width(), batch);
    }

    private static Images outputs(Window window, int channels, int batch) {
        return new Images(channels, window.outputHeight(), window.outputWidth(), batch);
    }

    /** Whether lines of images are long enough: where they fill only part of two vectors, the windows' matrix is faster. */
    static boolean pays(Window window, int batch) {
        return window.outputWidth() * batch >= 2 * OutputTiles.WIDE;
    }

    /** z (O, N) = w (O, P) windows (P, N). */
    void forward(Tensor w, Tensor x, Window window, Tensor z) {
        Images from = inputs(window, x.shape().columns());
        Images to = outputs(window, w.shape().rows(), from.batch());
        Axis down = Axis.forward(to.height(), window);
        Axis across = Axis.forward(to.width(), window);
        int places = window.places();
        for (int r = 0; r < w.shape().members(); r++) {
            Correlation correlation = correlation(from, down, across, to);
            Weights weights = correlation.weights(Reals.of(w, r), window.kernel(), window.channels() * places, places);
            correlate(correlation, weights, Reals.of(x, r), Reals.of(z, r));
        }
    }

    /** dx = the sum of w' dz over the windows that have the pixel. */
    void inputGradient(Tensor w, Tensor dz, Window window, Tensor dx) {
        Images to = inputs(window, dx.shape().columns());
        Images from = outputs(window, w.shape().rows(), to.batch());
        int places = window.places();
        for (int r = 0; r < w.shape().members(); r++) {
            if (window.stride() > window.kernel()) {
                Arrays.fill(Reals.of(dx, r), 0f);
            }
            for (int phase = 0; phase < window.stride() * window.stride(); phase++) {
                Axis down = Axis.backward(window.height(), window, phase / window.stride());
                Axis across = Axis.backward(window.width(), window, phase % window.stride());
                if (!down.isEmpty() && !across.isEmpty()) {
                    Correlation correlation = correlation(from, down, across, to);
                    Weights weights =
                            correlation.weights(Reals.of(w, r), window.kernel(), places, window.channels() * places);
                    correlate(correlation, weights, Reals.of(dz, r), Reals.of(dx, r));
                }
            }
        }
    }

    private Correlation correlation(Images from, Axis down, Axis across, Images to) {
        if (known.size() >= KNOWN) {
            known.clear();
        }
        return known.computeIfAbsent(
                new Shapes(from, down, across, to), shapes -> new Correlation(from, down, across, to));
    }

    private void correlate(Correlation correlation, Weights weights, float[] images, float[] outputs) {
        cores.each(
                correlation.pieces(),
                (piece, core) -> correlation.compute(piece, weights, images, outputs, rooms[core]));
    }

    /** dw (O, P) = dz (O, N) windows' (N, P). */
    void weightGradient(Tensor dz, Tensor x, Window window, Tensor dw) {
        Images images = inputs(window, x.shape().columns());
        Images gradient = outputs(window, dw.shape().rows(), images.batch());
        Cut cut = Cut.byChannels(
                images,
                Axis.forward(gradient.height(), window),
                Axis.forward(gradient.width(), window),
                gradient.channels());
        int[] offsets = Taps.all(cut).offsets();
        int parts = Math.min(SUMS, cut.pieces());
        for (int r = 0; r < dw.shape().members(); r++) {
            float[] inputs = Reals.of(x, r);
            float[] outputs = Reals.of(dz, r);
            float[] total = Reals.of(dw, r);
            cores.each(parts, (part, core) -> {
                float[] sum = cleared(part, total);
                for (int i = part * cut.pieces() / parts; i < (part + 1) * cut.pieces() / parts; i++) {
                    addGradient(cut, offsets, i, inputs, gradient, outputs, sum, gradientRooms[core]);
                }
            });
            // In the order of the parts, whichever was done first.
            for (int part = 1; part < parts; part++) {
                Lanes.add(sums[part], 0, total, 0, total.length);
            }
        }
    }

    /** The sum of a part, zero: that of the first is the gradient itself. */
    private float[] cleared(int part, float[] total) {
        if (part > 0 && sums[part].length < total.length) {
            sums[part] = new float[total.length];
        }
        float[] sum = part == 0 ? total : sums[part];
        Arrays.fill(sum, 0, total.length, 0f);
        return sum;
    }

    private static void addGradient(
            Cut cut,
            int[] offsets,
            int piece,
            float[] inputs,
            Images to,
            float[] outputs,
            float[] sum,
            GradientRoom room) {
        Piece pixels = cut.pixels();
        // Where windows are neighbours, lines as long as those of the pixels make one line of all: at the price of what
        // is between them.
        int width = to.width() * pixels.examples();
        boolean joined = cut.down().inputStep() == 1 && pixels.line() * 10L <= width * 13L;
        int line = joined ? pixels.line() : Lanes.padded(width);
        int all = Lanes.padded((cut.rows(piece) - 1) * line + width);
        room.copyGradient(cut, piece, to, outputs, line, all);
        int taps = cut.down().taps() * cut.across().taps();
        for (int c = 0; c < cut.from().channels(); c += cut.channels()) {
            cut.pack(piece, c, inputs, room.pixels);
            room.tiles.add(
                    new GradientTiles.Lines(room.pixels.numbers(), cut.down().inputStep() * pixels.line()),
                    offsets,
                    cut.channels(c) * taps,
                    new GradientTiles.Lines(room.gradient, line),
                    to.channels(),
                    all,
                    joined ? 1 : cut.rows(piece),
                    joined ? all : line,
                    sum,
                    c * taps,
                    cut.from().channels() * taps);
        }
    }
}
