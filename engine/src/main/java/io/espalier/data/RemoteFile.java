package io.espalier.data;

/**
 * A gzipped file that mirrors serve.
 *
 * @param name unpacked, as it is called in the data directory; mirrors add {@code .gz}
 * @param sha256 of the unpacked bytes: mirrors may pack differently
 * @param bytes unpacked
 */
record RemoteFile(String name, String sha256, long bytes) {}
