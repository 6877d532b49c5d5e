package io.espalier.backend.cpu;

import io.espalier.backend.Window;

/**
 * One direction of a {@link Correlation}: output i is at firstOutput + i outputStep, and its tap a reads the pixel firstInput + i inputStep + a with
 * place firstPlace + a placeStep of the kernel. A pixel outside the image is zero.
 *
 * @param count outputs
 * @param taps pixels that an output reads
 */
record Axis(
        int count,
        int firstInput,
        int inputStep,
        int taps,
        int firstOutput,
        int outputStep,
        int firstPlace,
        int placeStep) {

    /** From images of so many pixels to one output for each window. */
    static Axis forward(int outputs, Window window) {
        return new Axis(outputs, -window.padding(), window.stride(), window.kernel(), 0, 1, 0, 1);
    }

    /**
     * From a gradient for each window back to those pixels which windows reach with the places phase, phase + stride and so on. Place phase + m
     * stride of window v - m is at the pixel v stride + phase - padding.
     *
     * @param phase 0 to stride - 1
     */
    static Axis backward(int pixels, Window window, int phase) {
        int stride = window.stride();
        int outside = Math.max(0, window.padding() - phase);
        int first = (outside + stride - 1) / stride;
        int firstPixel = first * stride + phase - window.padding();
        int count = firstPixel >= pixels ? 0 : (pixels - 1 - firstPixel) / stride + 1;
        int taps = phase >= window.kernel() ? 0 : (window.kernel() - 1 - phase) / stride + 1;
        return new Axis(count, first - taps + 1, 1, taps, firstPixel, stride, phase + (taps - 1) * stride, -stride);
    }

    /** Whether there is anything to do. */
    boolean isEmpty() {
        return count < 1 || taps < 1;
    }

    int output(int i) {
        return firstOutput + i * outputStep;
    }

    int place(int tap) {
        return firstPlace + tap * placeStep;
    }

    /** The first tap of output i whose pixel is not before the first of the image. */
    int firstTap(int i) {
        return Math.max(0, -(firstInput + i * inputStep));
    }

    /** One more than its last tap that is not behind the last pixel; {@link #firstTap} or less where the whole window is outside. */
    int endTap(int i, int pixels) {
        return Math.min(taps, pixels - firstInput - i * inputStep);
    }

    /** Pixels from the first one that is read for the first output to the last one for output number outputs - 1. */
    int span(int outputs) {
        return (outputs - 1) * inputStep + taps;
    }
}
