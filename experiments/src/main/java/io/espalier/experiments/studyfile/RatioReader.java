package io.espalier.experiments.studyfile;

import io.espalier.compress.CompressionRatio;
import java.util.List;

/** Reads {@code ratios}, of the study or of one method. */
final class RatioReader {
    private RatioReader() {}

    static List<CompressionRatio> read(YamlValue value) {
        return value.list().stream()
                .map(item -> item.build(() -> new CompressionRatio(item.number())))
                .toList();
    }
}
