package io.espalier.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The compilers that were there when this was built; empty where there was none.
 *
 * @param nvcc the version of nvcc, which makes the kernels
 * @param gxx the version of g++, which makes their binding
 */
public record BuildTools(String nvcc, String gxx) {
    /** Those of this build. */
    public static BuildTools read() {
        Properties properties = new Properties();
        try (InputStream in = BuildTools.class.getResourceAsStream("build.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new BuildTools(properties.getProperty("nvcc"), properties.getProperty("gxx"));
    }
}
