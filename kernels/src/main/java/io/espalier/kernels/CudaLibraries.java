package io.espalier.kernels;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where the libraries of CUDA that are no part of Espalier may be: what {@code LD_LIBRARY_PATH} names, the toolkit's folders, the
 * system's, and the {@code nvidia} packages of Pythons. The dynamic linker by itself looks into the first and the third only.
 *
 * @param environment the process's environment variables
 * @param root the root of the file system
 */
public record CudaLibraries(Map<String, String> environment, Path root) {
    /** The folder of the user's Python packages, below the home directory. */
    private static final String USER_PYTHONS = ".local/lib";

    /** An environment's Python is a link to another one, and may be reached by one; more may be a circle. */
    private static final int MOST_LINKS = 8;

    /** Those of this machine. */
    public static CudaLibraries here() {
        return new CudaLibraries(System.getenv(), Path.of("/"));
    }

    /**
     * What came of opening a library.
     *
     * @param file where it came from; empty if there is none that can be loaded
     * @param problem why it cannot be used, as the end of a sentence; else empty
     */
    public record Opened(String file, String problem) {}

    /**
     * Opens a library for the whole process: the one that the dynamic linker finds, else the first file that {@link #find} does.
     * Whatever links to its name from then on gets this one, wherever it is.
     */
    public Opened open(CudaLibrary library) {
        String file = library.file();
        String problem = NativeLibraries.openingProblem(file);
        if (!problem.isEmpty()) {
            Optional<Path> found = find(file);
            if (found.isEmpty()) {
                return new Opened("", file + " is missing; " + library.advice());
            }
            file = found.get().toString();
            problem = NativeLibraries.openingProblem(file);
            if (!problem.isEmpty()) {
                return new Opened("", file + " cannot be loaded (" + problem + ")");
            }
        }
        long handle = NativeLibraries.openLibrary(file);
        String lacking = library.functions().stream()
                .filter(function -> NativeLibraries.functionOf(handle, function) == 0)
                .collect(Collectors.joining(", "));
        String loaded = NativeLibraries.fileOf(handle);
        return new Opened(
                loaded, lacking.isEmpty() ? "" : loaded + " is too old: it lacks " + lacking + "; " + library.advice());
    }

    /** The first file of this name, such as {@code libcublas.so.13}, if there is one. */
    public Optional<Path> find(String library) {
        return folders().stream()
                .map(folder -> folder.resolve(library))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** Where a library is looked for, in this order, for one line. */
    String searched() {
        List<String> places = new ArrayList<>(List.of("the dynamic linker's own folders"));
        if (listed("LD_LIBRARY_PATH").isEmpty()) {
            places.add("LD_LIBRARY_PATH (not set)");
        }
        folders().forEach(folder -> places.add(folder.toString()));
        return String.join(", ", places);
    }

    /** The folders that exist, in the order in which they are tried. */
    public List<Path> folders() {
        Set<Path> folders = new LinkedHashSet<>();
        folders.addAll(listed("LD_LIBRARY_PATH"));
        for (String toolkit : List.of("CUDA_HOME", "CUDA_PATH")) {
            listed(toolkit).forEach(folder -> folders.add(folder.resolve("lib64")));
        }
        folders.addAll(below(root.resolve("usr/local"), "cuda*", "lib64"));
        folders.add(root.resolve("usr/lib/x86_64-linux-gnu"));
        folders.add(root.resolve("usr/lib64"));
        for (Path pythons : pythons()) {
            for (Path packages : below(pythons, "python3*", "{site,dist}-packages")) {
                folders.addAll(below(packages.resolve("nvidia"), "*", "lib"));
            }
        }
        folders.removeIf(folder -> !Files.isDirectory(folder));
        return List.copyOf(folders);
    }

    /** Folders that hold folders of Pythons: beside the programs on the path, which covers active environments, and the user's. */
    private List<Path> pythons() {
        List<Path> pythons = new ArrayList<>();
        for (Path programs : listed("PATH")) {
            Path python = programs.resolve("python3");
            pythons.add(programs.resolveSibling("lib"));
            for (int links = 0; links < MOST_LINKS && Files.isSymbolicLink(python); links++) {
                python = target(python);
                pythons.add(python.resolveSibling("..").resolve("lib").normalize());
            }
        }
        if (environment.containsKey("HOME")) {
            pythons.add(Path.of(environment.get("HOME"), USER_PYTHONS));
        }
        return pythons;
    }

    /** Where a link leads; itself if it cannot be read. */
    private static Path target(Path link) {
        try {
            return link.resolveSibling(Files.readSymbolicLink(link));
        } catch (IOException e) {
            return link;
        }
    }

    /** The folders that a variable lists. */
    private List<Path> listed(String variable) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(environment.getOrDefault(variable, ""))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList();
    }

    /** {@code folder/first/second} for all names that match; none if the folder cannot be read. */
    private static List<Path> below(Path folder, String first, String second) {
        List<Path> found = new ArrayList<>();
        for (Path outer : matching(folder, first)) {
            found.addAll(matching(outer, second));
        }
        return found;
    }

    private static List<Path> matching(Path folder, String pattern) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
                entries.forEach(found::add);
            } catch (IOException e) {
                return List.of();
            }
        }
        found.sort(null);
        return found;
    }
}
