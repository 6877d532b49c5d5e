package io.espalier.experiments.cli;

import io.espalier.run.Build;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which Espalier this is, as its build wrote it down. */
final class BuildInfo implements IVersionProvider {
    private static final String RESOURCE = "/io/espalier/experiments/build.properties";

    static Build read() {
        Properties properties = new Properties();
        try (InputStream in = BuildInfo.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Build(
                properties.getProperty("git.build.version", "unknown"),
                properties.getProperty("git.commit.id.full", "unknown"),
                properties.getProperty("git.dirty", "unknown"));
    }

    @Override
    public String[] getVersion() {
        Build build = read();
        return new String[] {"espalier " + build.version() + " (" + build.commit() + ")"};
    }
}
