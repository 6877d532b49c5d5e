package io.espalier.study;

import io.espalier.compress.CompressionRatio;
import io.espalier.data.DataSpec;
import io.espalier.method.Dense;
import io.espalier.method.Method;
import io.espalier.method.Quantise;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Seed;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A question and what is to be tried to answer it.
 *
 * @param name also the name of the run directory
 * @param ratios ascending
 * @param refit whether results come from training again, as chosen, on training and validation data
 * @param published what others reported, to stand beside ours
 */
public record Study(
        String name,
        String question,
        DataSpec data,
        NetworkSpec network,
        List<Entry> entries,
        List<CompressionRatio> ratios,
        List<Seed> seeds,
        boolean refit,
        List<PublishedMark> published) {
    public Study {
        entries = List.copyOf(entries);
        ratios = List.copyOf(ratios);
        seeds = List.copyOf(seeds);
        published = List.copyOf(published);
        requireSomeAndDistinct("methods", entries.stream().map(Entry::name).toList());
        requireSomeAndDistinct("seeds", seeds);
        requireAscending("ratios", ratios);
        for (Entry entry : entries) {
            requireAscending(place(entry, entries), entry.first().ratios());
        }
    }

    /** Where a method stands in its file, in which those of all points of a sweep are written once. */
    private static String place(Entry entry, List<Entry> entries) {
        return "methods["
                + entries.stream()
                        .filter(other -> other.point().equals(entry.point()))
                        .toList()
                        .indexOf(entry)
                + "]";
    }

    /** Where a method of this name stands in the file. */
    String place(String method) {
        return entry(method).map(entry -> place(entry, entries)).orElse("methods");
    }

    private static void requireAscending(String where, List<CompressionRatio> ratios) {
        for (int i = 1; i < ratios.size(); i++) {
            if (ratios.get(i).value() <= ratios.get(i - 1).value()) {
                throw new StudyException(where, "Ratios must ascend, each given once.");
            }
        }
    }

    /** Its methods, each in its first configuration. */
    public List<Method> methods() {
        return entries.stream().map(Entry::first).toList();
    }

    /** Where a method is read out. */
    public List<CompressionRatio> ratios(Method method) {
        if (method.ratios().isEmpty() && method instanceof Quantise quantised) {
            return method(quantised.parent()).map(this::readouts).orElse(ratios);
        }
        return method.ratios().isEmpty() ? ratios : method.ratios();
    }

    /** Ratios of the rows that a method gives. */
    List<CompressionRatio> readouts(Method method) {
        return method instanceof Dense ? List.of(new CompressionRatio(1)) : ratios(method);
    }

    /** A method by its name, in its first configuration. */
    Optional<Method> method(String name) {
        return entry(name).map(Entry::first);
    }

    Optional<Entry> entry(String name) {
        return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
    }

    /** Whether validation data decide something about a method before its results are made. */
    boolean isContested(Entry entry) {
        return refit || entry.configurations().size() > 1;
    }

    private static void requireSomeAndDistinct(String where, List<?> values) {
        if (values.isEmpty()) {
            throw new StudyException(where, "A study needs at least one of its " + where + ".");
        }
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < values.size(); i++) {
            if (!seen.add(values.get(i))) {
                throw new StudyException(
                        where + "[" + i + "]", "`" + values.get(i) + "` stands twice among the " + where + ".");
            }
        }
    }
}
