package io.espalier.data;

import java.nio.file.Path;

/** Where a study's examples come from. */
public sealed interface DataSource {
    /** How people call it. */
    String name();

    /** A data set of the catalog, looked for in the data directory or generated. */
    record Named(Catalog entry) implements DataSource {
        @Override
        public String name() {
            return entry.key();
        }
    }

    /** The user's own folder with the four IDX files. */
    record IdxFolder(Path folder) implements DataSource {
        @Override
        public String name() {
            return String.valueOf(folder.getFileName());
        }
    }

    /** The user's own folder with two AMAT files. */
    record AmatFolder(Path folder) implements DataSource {
        @Override
        public String name() {
            return String.valueOf(folder.getFileName());
        }
    }

    /** The user's own folder with {@code train-images.npy}, {@code train-labels.npy}, {@code test-images.npy}, {@code test-labels.npy}. */
    record NpyFolder(Path folder) implements DataSource {
        @Override
        public String name() {
            return String.valueOf(folder.getFileName());
        }
    }
}
