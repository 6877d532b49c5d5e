package io.espalier.backend.reference;

import io.espalier.backend.Augmentation;
import io.espalier.backend.HostTensors;
import io.espalier.backend.ImageOps;
import io.espalier.backend.ImagePreconditions;
import io.espalier.backend.Moments;
import io.espalier.backend.Preconditions;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import io.espalier.random.Philox;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The ops on images, defined pixel by pixel. */
final class ReferenceImages implements ImageOps {
    // ---- data -------------------------------------------------------------------------------------------------------

    @Override
    public void gatherImages(
            Tensor data, Tensor indices, Tensor mean, Tensor scale, int width, Augmentation augmentation, Tensor out) {
        ImagePreconditions.gatherImages(data, indices, mean, scale, width, augmentation, out);
        byte[] bytes = HostTensors.bytes(data, 0);
        int features = out.shape().rows();
        int height = features / mean.shape().rows() / width;
        forMatrices(out, r -> {
            int[] chosen = HostTensors.ints(indices, r);
            return Matrices.fill(out.shape(), (pixel, b) -> {
                int x = pixel % width;
                int y = pixel / width % height;
                if (augmentation.isActive()) {
                    int[] words = words(augmentation, r, b);
                    y += Augmentation.offset(words[0], augmentation.shift());
                    boolean mirrored = augmentation.mirrored() && Augmentation.mirrors(words[2]);
                    x = (mirrored ? width - 1 - x : x) + Augmentation.offset(words[1], augmentation.shift());
                }
                if (x < 0 || x >= width || y < 0 || y >= height) {
                    return 0;
                }
                int channel = pixel / width / height;
                int value = bytes[chosen[b] * features + (channel * height + y) * width + x] & 0xFF;
                double middle = Doubles.of(mean, r).getDouble(channel, 0);
                return (value / 255.0 - middle) * Doubles.of(scale, r).getDouble(channel, 0);
            });
        });
    }

    private static int[] words(Augmentation augmentation, int member, int example) {
        int[] key = HostTensors.ints(augmentation.keys(), member);
        int step = HostTensors.ints(augmentation.step(), member)[0];
        int[] block = new int[4];
        Philox.block(key[0], key[1], example, step, augmentation.stream(), 0, block);
        return block;
    }

    // ---- windows ----------------------------------------------------------------------------------------------------

    /** What is said of each place of each window. */
    private interface Place {
        /**
         * @param output the window and the image of the batch, where y has it
         * @param place ky k + kx
         * @param pixel where x has what the window sees there, or -1 in the padding
         */
        void visit(int output, int place, int pixel);
    }

    private static void forPlaces(Window window, int batch, Place body) {
        int output = 0;
        for (int c = 0; c < window.channels(); c++) {
            for (int oy = 0; oy < window.outputHeight(); oy++) {
                for (int ox = 0; ox < window.outputWidth(); ox++) {
                    for (int b = 0; b < batch; b++) {
                        for (int place = 0; place < window.places(); place++) {
                            int y = oy * window.stride() + place / window.kernel() - window.padding();
                            int x = ox * window.stride() + place % window.kernel() - window.padding();
                            boolean inside = y >= 0 && y < window.height() && x >= 0 && x < window.width();
                            int row = (c * window.height() + y) * window.width() + x;
                            body.visit(output, place, inside ? row * batch + b : -1);
                        }
                        output++;
                    }
                }
            }
        }
    }

    /** Where patches have a place of a window: rows are (channel, place), columns (window, image). */
    private static int patch(Window window, int batch, int output, int place) {
        int columns = window.outputHeight() * window.outputWidth() * batch;
        return (output / columns * window.places() + place) * columns + output % columns;
    }

    @Override
    public void patches(Tensor x, Window window, Tensor out) {
        ImagePreconditions.patches("patches", x, window, out);
        int batch = x.shape().columns();
        forMembers(out, r -> {
            double[] images = Doubles.values(x, r);
            double[] patches = new double[out.shape().perMember()];
            forPlaces(
                    window,
                    batch,
                    (output, place, pixel) ->
                            patches[patch(window, batch, output, place)] = pixel < 0 ? 0 : images[pixel]);
            return patches;
        });
    }

    @Override
    public void foldPatches(Tensor patches, Window window, Tensor out) {
        ImagePreconditions.patches("foldPatches", out, window, patches);
        int batch = out.shape().columns();
        forMembers(out, r -> {
            double[] from = Doubles.values(patches, r);
            double[] images = new double[out.shape().perMember()];
            forPlaces(window, batch, (output, place, pixel) -> {
                if (pixel >= 0) {
                    images[pixel] += from[patch(window, batch, output, place)];
                }
            });
            return images;
        });
    }

    @Override
    public void maxPool(Tensor x, Window window, Tensor y, Tensor winners) {
        ImagePreconditions.maxPool("maxPool", x, window, y, winners);
        forMembers(y, r -> {
            double[] images = Doubles.values(x, r);
            byte[] winner = HostTensors.bytes(winners, r);
            double[] best = new double[winner.length];
            boolean[] begun = new boolean[winner.length];
            forPlaces(window, x.shape().columns(), (output, place, pixel) -> {
                if (pixel < 0) {
                    return;
                }
                double value = images[pixel];
                boolean more = value > best[output] || Double.isNaN(value) && !Double.isNaN(best[output]);
                if (!begun[output] || more) {
                    begun[output] = true;
                    best[output] = value;
                    winner[output] = (byte) place;
                }
            });
            return best;
        });
    }

    @Override
    public void maxPoolGradient(Tensor dy, Tensor winners, Window window, Tensor dx) {
        ImagePreconditions.maxPool("maxPoolGradient", dx, window, dy, winners);
        forMembers(dx, r -> {
            double[] gradient = Doubles.values(dy, r);
            byte[] winner = HostTensors.bytes(winners, r);
            double[] images = new double[dx.shape().perMember()];
            forPlaces(window, dx.shape().columns(), (output, place, pixel) -> {
                if (pixel >= 0 && (winner[output] & 0xFF) == place) {
                    images[pixel] += gradient[output];
                }
            });
            return images;
        });
    }

    @Override
    public void averagePool(Tensor x, Window window, double scale, Tensor y) {
        ImagePreconditions.pool("averagePool", x, window, y);
        forMembers(y, r -> {
            double[] images = Doubles.values(x, r);
            double[] sums = new double[y.shape().perMember()];
            forPlaces(window, x.shape().columns(), (output, place, pixel) -> {
                sums[output] += pixel < 0 ? 0 : scale * images[pixel];
            });
            return sums;
        });
    }

    @Override
    public void averagePoolGradient(Tensor dy, Window window, double scale, Tensor dx) {
        ImagePreconditions.pool("averagePoolGradient", dx, window, dy);
        forMembers(dx, r -> {
            double[] gradient = Doubles.values(dy, r);
            double[] images = new double[dx.shape().perMember()];
            forPlaces(window, dx.shape().columns(), (output, place, pixel) -> {
                if (pixel >= 0) {
                    images[pixel] += scale * gradient[output];
                }
            });
            return images;
        });
    }

    private static void forMembers(Tensor out, IntFunction<double[]> values) {
        for (int r = 0; r < out.shape().members(); r++) {
            Doubles.of(out, r)
                    .assign(Doubles.matrix(
                            values.apply(r), out.shape().rows(), out.shape().columns()));
        }
    }

    // ---- normalisation ----------------------------------------------------------------------------------------------

    @Override
    public void mean(Tensor x, Tensor mean) {
        ImagePreconditions.perRow("mean", x, mean);
        forMatrices(mean, r -> Doubles.of(x, r).mean(true, 1));
    }

    @Override
    public void variance(Tensor x, Tensor mean, Tensor variance) {
        ImagePreconditions.perRow("variance", x, mean, variance);
        forMatrices(variance, r -> {
            INDArray distance = Doubles.of(x, r).subColumnVector(Doubles.of(mean, r));
            return distance.mul(distance).mean(true, 1);
        });
    }

    @Override
    public void normalise(Tensor x, Moments moments, Tensor gain, Tensor shift, Tensor y) {
        ImagePreconditions.normalise("normalise", x, moments, y, gain, shift);
        forMatrices(y, r -> normalised(x, moments, r)
                .mulColumnVector(Doubles.of(gain, r))
                .addColumnVector(Doubles.of(shift, r)));
    }

    @Override
    public void normaliseSums(Tensor x, Moments moments, Tensor dy, Tensor dgain, Tensor dshift) {
        ImagePreconditions.normalise("normaliseSums", x, moments, dy, dgain, dshift);
        forMatrices(dgain, r -> normalised(x, moments, r).mul(Doubles.of(dy, r)).sum(true, 1));
        forMatrices(dshift, r -> Doubles.of(dy, r).sum(true, 1));
    }

    @Override
    public void normaliseGradient(
            Tensor x, Moments moments, Tensor gain, Tensor dy, Tensor dgain, Tensor dshift, Tensor dx) {
        ImagePreconditions.normalise("normaliseGradient", x, moments, dx, gain, dgain, dshift);
        Preconditions.sameReal("normaliseGradient", dx, dy);
        int columns = x.shape().columns();
        forMatrices(dx, r -> Doubles.of(dy, r)
                .subColumnVector(Doubles.of(dshift, r).div(columns))
                .sub(normalised(x, moments, r)
                        .mulColumnVector(Doubles.of(dgain, r).div(columns)))
                .mulColumnVector(Doubles.of(gain, r).mul(inverseDeviation(moments, r))));
    }

    @Override
    public void scaleRows(Tensor x, Moments moments, Tensor gain, int power, Tensor out) {
        ImagePreconditions.scaleRows(x, moments, gain, power, out);
        forMatrices(out, r -> {
            INDArray scale = Doubles.of(gain, r).mul(inverseDeviation(moments, r));
            return Doubles.of(x, r).mulColumnVector(power == 1 ? scale : scale.mul(scale));
        });
    }

    private static INDArray normalised(Tensor x, Moments moments, int member) {
        return Doubles.of(x, member)
                .subColumnVector(Doubles.of(moments.mean(), member))
                .mulColumnVector(inverseDeviation(moments, member));
    }

    private static INDArray inverseDeviation(Moments moments, int member) {
        double[] values = Doubles.values(moments.variance(), member);
        Arrays.setAll(values, i -> 1 / Math.sqrt(values[i] + moments.epsilon()));
        return Doubles.matrix(values, values.length, 1);
    }

    private static void forMatrices(Tensor out, IntFunction<INDArray> value) {
        for (int r = 0; r < out.shape().members(); r++) {
            Doubles.of(out, r).assign(value.apply(r));
        }
    }

    // ---- parts and sums ---------------------------------------------------------------------------------------------

    @Override
    public void combine(double a, Tensor x, double b, Tensor y) {
        Preconditions.sameReal("combine", x, y);
        forMatrices(y, r -> Doubles.of(x, r).mul(a).add(Doubles.of(y, r).mul(b)));
    }

    @Override
    public void copyRows(Tensor from, Tensor to, int firstRow) {
        ImagePreconditions.rows("copyRows", from, to, firstRow);
        forMembers(to, r -> {
            double[] whole = Doubles.values(to, r);
            double[] part = Doubles.values(from, r);
            System.arraycopy(part, 0, whole, firstRow * to.shape().columns(), part.length);
            return whole;
        });
    }

    @Override
    public void addRows(Tensor from, int firstRow, Tensor to) {
        ImagePreconditions.rows("addRows", to, from, firstRow);
        forMembers(to, r -> {
            double[] whole = Doubles.values(from, r);
            double[] part = Doubles.values(to, r);
            Arrays.setAll(part, i -> part[i] + whole[firstRow * to.shape().columns() + i]);
            return part;
        });
    }
}
