package io.espalier.backend.cpu;

import io.espalier.backend.cpu.PackedPixels.Images;
import io.espalier.backend.cpu.PackedPixels.Piece;
import java.util.HashMap;
import java.util.Map;

/**
 * Every output is the sum of weights times pixels near it, over all channels: a convolution forward, and back to its inputs. Piece by piece; none needs
 * another. What follows from shapes is worked out once, for all weights and images.
 */
final class Correlation {
    private final Cut cut;
    private final Images to;
    private final Piece pixels;
    private final int places;

    /** Numbers of a row of sums, in whole tiles. */
    private final int pitch;

    /** What each tile of each row of outputs adds up. */
    private final Taps[][] taps;

    /** What a thread needs to do a piece. */
    static final class Room {
        private final PackedPixels pixels = new PackedPixels();
        private float[] sums = new float[0];

        private void reserve(int numbers) {
            if (sums.length < numbers) {
                sums = new float[numbers];
            }
        }
    }

    /**
     * Weights in the order in which tiles read them, (tiles, channels, taps, height of the tile).
     */
    record Weights(float[] numbers) {}

    Correlation(Images from, Axis down, Axis across, Images to) {
        this.to = to;
        cut = Cut.byRows(from, down, across);
        pixels = cut.pixels();
        places = down.taps() * across.taps();
        int tiles = (across.count() * cut.examples() + OutputTiles.WIDE - 1) / OutputTiles.WIDE;
        pitch = tiles * OutputTiles.WIDE;
        taps = new Taps[down.count()][tiles];
        Map<Box, Taps> known = new HashMap<>();
        for (int y = 0; y < down.count(); y++) {
            for (int tile = 0; tile < tiles; tile++) {
                taps[y][tile] = known.computeIfAbsent(box(y, tile), box -> box.taps(pixels, down, across));
            }
        }
    }

    /** Taps whose pixels are inside the image for any output of a tile. */
    private record Box(int top, int bottom, int left, int right) {
        private Taps taps(Piece pixels, Axis down, Axis across) {
            return Taps.of(pixels, down, top, bottom, across, left, right);
        }
    }

    private Box box(int y, int tile) {
        Axis down = cut.down();
        Axis across = cut.across();
        int left = tile * OutputTiles.WIDE / cut.examples();
        int right = Math.min(across.count() - 1, ((tile + 1) * OutputTiles.WIDE - 1) / cut.examples());
        return new Box(
                down.firstTap(y),
                down.endTap(y, cut.from().height()),
                across.firstTap(right),
                across.endTap(left, cut.from().width()));
    }

    /**
     * Weights between every two channels, each a kernel of some rows and columns.
     *
     * @param columns of a kernel
     * @param perOutput from the kernel of an output channel to that of the next
     * @param perInput from that of an input channel
     */
    Weights weights(float[] w, int columns, int perOutput, int perInput) {
        int[] kernel = new int[places];
        for (int i = 0; i < places; i++) {
            int y = cut.down().place(i / cut.across().taps());
            kernel[i] = y * columns + cut.across().place(i % cut.across().taps());
        }
        int channels = cut.from().channels();
        float[] numbers = new float[(to.channels() + OutputTiles.HIGH) * channels * places];
        int k = 0;
        for (int o = 0; o < to.channels(); o += OutputTiles.high(to.channels() - o)) {
            int high = OutputTiles.high(to.channels() - o);
            int some = Math.min(high, to.channels() - o);
            for (int c = 0; c < channels; c++) {
                for (int place : kernel) {
                    int at = o * perOutput + c * perInput + place;
                    for (int i = 0; i < some; i++) {
                        numbers[k + i] = w[at + i * perOutput];
                    }
                    k += high;
                }
            }
        }
        return new Weights(numbers);
    }

    int pieces() {
        return cut.pieces();
    }

    /** Computes the outputs of a piece; those of others are left alone. */
    void compute(int piece, Weights weights, float[] images, float[] outputs, Room room) {
        int channels = cut.from().channels();
        // Where all channels fit at once, the sums of a tile are stored before those of the next are begun.
        boolean once = cut.channels() == channels;
        int perRow = once ? 0 : (to.channels() + OutputTiles.HIGH) * pitch;
        room.reserve(once ? OutputTiles.HIGH * pitch : cut.rows() * perRow);
        for (int c = 0; c < channels; c += cut.channels()) {
            cut.pack(piece, c, images, room.pixels);
            for (int row = 0; row < cut.rows(piece); row++) {
                int first = 0;
                for (int o = 0; o < to.channels(); o += OutputTiles.high(to.channels() - o)) {
                    int high = OutputTiles.high(to.channels() - o);
                    int sums = once ? 0 : row * perRow + o * pitch;
                    add(piece, row, c, high, weights.numbers, first + c * places * high, sums, room);
                    if (c + cut.channels() >= channels) {
                        store(piece, row, o, Math.min(high, to.channels() - o), sums, outputs, room);
                    }
                    first += channels * places * high;
                }
            }
        }
    }

    /** The tiles of a row of some output channels, of a block of channels. */
    private void add(int piece, int row, int block, int high, float[] weights, int first, int sums, Room room) {
        int at = row * cut.down().inputStep() * pixels.line();
        Taps[] tiles = taps[cut.firstRow(piece) + row];
        for (int tile = 0; tile < tiles.length; tile++) {
            int q = tile * OutputTiles.WIDE;
            int count = cut.channels(block) * tiles[tile].perChannel();
            float[] numbers = room.pixels.numbers();
            OutputTiles.add(
                    high, numbers, at + q, tiles[tile], count, weights, first, room.sums, sums + q, pitch, block > 0);
        }
    }

    private void store(int piece, int row, int first, int some, int sums, float[] outputs, Room room) {
        int y = cut.down().output(cut.firstRow(piece) + row);
        int step = cut.across().outputStep() * to.batch();
        for (int o = 0; o < some; o++) {
            int pixel = to.pixel(first + o, y, cut.across().output(0)) + cut.firstExample(piece);
            int at = sums + o * pitch;
            int columns = cut.across().count();
            PackedPixels.runs(room.sums, at, cut.examples(), outputs, pixel, step, columns, cut.examples(piece));
        }
    }
}
