package io.espalier.study;

import io.espalier.compress.CompressionRatio;
import io.espalier.data.DataSpec;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Seed;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A question and what is to be tried to answer it.
 *
 * @param name also the name of the run directory
 * @param ratios ascending
 * @param published what others reported, to stand beside ours
 */
public record Study(
        String name,
        String question,
        DataSpec data,
        NetworkSpec network,
        List<Method> methods,
        List<CompressionRatio> ratios,
        List<Seed> seeds,
        List<PublishedMark> published) {
    public Study {
        methods = List.copyOf(methods);
        ratios = List.copyOf(ratios);
        seeds = List.copyOf(seeds);
        published = List.copyOf(published);
        requireSomeAndDistinct("methods", methods.stream().map(Method::name).toList());
        requireSomeAndDistinct("seeds", seeds);
        requireAscending("ratios", ratios);
        for (int i = 0; i < methods.size(); i++) {
            requireAscending("methods[" + i + "]", methods.get(i).ratios());
        }
    }

    private static void requireAscending(String where, List<CompressionRatio> ratios) {
        for (int i = 1; i < ratios.size(); i++) {
            if (ratios.get(i).value() <= ratios.get(i - 1).value()) {
                throw new StudyException(where, "Ratios must ascend, each given once.");
            }
        }
    }

    /** Where a method is read out. */
    public List<CompressionRatio> ratios(Method method) {
        return method.ratios().isEmpty() ? ratios : method.ratios();
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
