package io.espalier.data;

import java.util.List;

/**
 * A gzipped tar archive with files that are wanted.
 *
 * @param name as it is served
 * @param sha256 of the archive as it is served
 * @param files their names without folders, as they are called in the data directory
 */
record RemoteArchive(String name, String sha256, List<String> files) {}
