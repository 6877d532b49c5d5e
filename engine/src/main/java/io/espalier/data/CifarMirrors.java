package io.espalier.data;

import java.util.List;

/** Where CIFAR-10 is served, and what its archive must contain. */
final class CifarMirrors {
    static final List<String> ADDRESSES = List.of("https://www.cs.toronto.edu/~kriz/");

    static final RemoteArchive ARCHIVE = new RemoteArchive(
            "cifar-10-binary.tar.gz",
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            CifarReader.files());

    private CifarMirrors() {}
}
