package io.espalier.backend.contract;

import io.espalier.backend.Augmentation;
import io.espalier.backend.ImageOps;
import io.espalier.backend.Moments;
import io.espalier.backend.Tensor;
import io.espalier.backend.Window;
import java.util.List;

/** The ops on images of a {@link CheckedBackend}. */
final class CheckedImages implements ImageOps {
    private final CheckedBackend checked;
    private final ImageOps subject;

    CheckedImages(CheckedBackend checked, ImageOps subject) {
        this.checked = checked;
        this.subject = subject;
    }

    @Override
    public void gatherImages(
            Tensor data, Tensor indices, Tensor mean, Tensor scale, int width, Augmentation augmentation, Tensor out) {
        checked.run(
                "gatherImages",
                Tolerances.NORMALISED,
                List.of(out),
                (b, m) -> b.images()
                        .gatherImages(
                                m.of(data),
                                m.of(indices),
                                m.ofSubtracted(mean),
                                m.of(scale),
                                width,
                                m.of(augmentation),
                                m.of(out)),
                () -> subject.gatherImages(data, indices, mean, scale, width, augmentation, out));
    }

    @Override
    public void patches(Tensor x, Window window, Tensor out) {
        checked.run(
                "patches",
                Tolerances.EXACT,
                List.of(out),
                (b, m) -> b.images().patches(m.of(x), window, m.of(out)),
                () -> subject.patches(x, window, out));
    }

    @Override
    public void foldPatches(Tensor patches, Window window, Tensor out) {
        checked.run(
                "foldPatches",
                Tolerances.sum(window.overlap()),
                List.of(out),
                (b, m) -> b.images().foldPatches(m.of(patches), window, m.of(out)),
                () -> subject.foldPatches(patches, window, out));
    }

    @Override
    public void maxPool(Tensor x, Window window, Tensor y, Tensor winners) {
        checked.run(
                "maxPool",
                Tolerances.EXACT,
                List.of(y, winners),
                (b, m) -> b.images().maxPool(m.of(x), window, m.of(y), m.of(winners)),
                () -> subject.maxPool(x, window, y, winners));
    }

    @Override
    public void maxPoolGradient(Tensor dy, Tensor winners, Window window, Tensor dx) {
        checked.run(
                "maxPoolGradient",
                Tolerances.sum(window.overlap()),
                List.of(dx),
                (b, m) -> b.images().maxPoolGradient(m.of(dy), m.of(winners), window, m.of(dx)),
                () -> subject.maxPoolGradient(dy, winners, window, dx));
    }

    @Override
    public void averagePool(Tensor x, Window window, double scale, Tensor y) {
        checked.run(
                "averagePool",
                Tolerances.sum(window.places()),
                List.of(y),
                (b, m) -> b.images().averagePool(m.of(x), window, m.of(scale), m.of(y)),
                () -> subject.averagePool(x, window, scale, y));
    }

    @Override
    public void averagePoolGradient(Tensor dy, Window window, double scale, Tensor dx) {
        checked.run(
                "averagePoolGradient",
                Tolerances.sum(window.overlap()),
                List.of(dx),
                (b, m) -> b.images().averagePoolGradient(m.of(dy), window, m.of(scale), m.of(dx)),
                () -> subject.averagePoolGradient(dy, window, scale, dx));
    }

    @Override
    public void mean(Tensor x, Tensor mean) {
        checked.run(
                "mean",
                Tolerances.sum(x.shape().columns()),
                List.of(mean),
                (b, m) -> b.images().mean(m.of(x), m.of(mean)),
                () -> subject.mean(x, mean));
    }

    @Override
    public void variance(Tensor x, Tensor mean, Tensor variance) {
        checked.run(
                "variance",
                Tolerances.sum(x.shape().columns()),
                List.of(variance),
                (b, m) -> b.images().variance(m.of(x), m.ofSubtracted(mean), m.of(variance)),
                () -> subject.variance(x, mean, variance));
    }

    @Override
    public void normalise(Tensor x, Moments moments, Tensor gain, Tensor shift, Tensor y) {
        checked.run(
                "normalise",
                Tolerances.NORMALISED,
                List.of(y),
                (b, m) -> b.images().normalise(m.of(x), m.of(moments), m.of(gain), m.of(shift), m.of(y)),
                () -> subject.normalise(x, moments, gain, shift, y));
    }

    @Override
    public void normaliseSums(Tensor x, Moments moments, Tensor dy, Tensor dgain, Tensor dshift) {
        checked.run(
                "normaliseSums",
                Tolerances.sum(x.shape().columns()),
                List.of(dgain, dshift),
                (b, m) -> b.images().normaliseSums(m.of(x), m.of(moments), m.of(dy), m.of(dgain), m.of(dshift)),
                () -> subject.normaliseSums(x, moments, dy, dgain, dshift));
    }

    @Override
    public void normaliseGradient(
            Tensor x, Moments moments, Tensor gain, Tensor dy, Tensor dgain, Tensor dshift, Tensor dx) {
        checked.run(
                "normaliseGradient",
                Tolerances.NORMALISED,
                List.of(dx),
                (b, m) -> b.images()
                        .normaliseGradient(
                                m.of(x),
                                m.of(moments),
                                m.of(gain),
                                m.of(dy),
                                m.ofSubtracted(dgain),
                                m.ofSubtracted(dshift),
                                m.of(dx)),
                () -> subject.normaliseGradient(x, moments, gain, dy, dgain, dshift, dx));
    }

    @Override
    public void scaleRows(Tensor x, Moments moments, Tensor gain, int power, Tensor out) {
        checked.run(
                "scaleRows",
                Tolerances.SCALED_ROW,
                List.of(out),
                (b, m) -> b.images().scaleRows(m.of(x), m.of(moments), m.of(gain), power, m.of(out)),
                () -> subject.scaleRows(x, moments, gain, power, out));
    }

    @Override
    public void combine(double a, Tensor x, double b, Tensor y) {
        checked.run(
                "combine",
                Tolerances.COMBINED,
                List.of(y),
                (backend, m) -> backend.images().combine(m.of(a), m.of(x), m.of(b), m.of(y)),
                () -> subject.combine(a, x, b, y));
    }

    @Override
    public void copyRows(Tensor from, Tensor to, int firstRow) {
        checked.run(
                "copyRows",
                Tolerances.EXACT,
                List.of(to),
                (b, m) -> b.images().copyRows(m.of(from), m.of(to), firstRow),
                () -> subject.copyRows(from, to, firstRow));
    }

    @Override
    public void addRows(Tensor from, int firstRow, Tensor to) {
        checked.run(
                "addRows",
                Tolerances.COMBINED,
                List.of(to),
                (b, m) -> b.images().addRows(m.of(from), firstRow, m.of(to)),
                () -> subject.addRows(from, firstRow, to));
    }
}
