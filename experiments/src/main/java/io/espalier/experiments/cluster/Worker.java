package io.espalier.experiments.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What one process of a study that several share is asked to do.
 *
 * @param study the study file, where the process sees it
 * @param settings what {@code --set} changes in it
 * @param out the run directory that all share
 * @param options further options of {@code espalier run}, each with its value
 */
public record Worker(String study, List<String> settings, String out, List<String> options) {
    public Worker {
        settings = List.copyOf(settings);
        options = List.copyOf(options);
    }

    /**
     * Its words for a POSIX shell, quoted.
     *
     * @param program what starts Espalier, as a shell reads it
     * @param taskNumber a shell expression of the task's number, from 1; it begins with that shard of {@code tasks}
     * @param tasks how many there are; empty for a process that begins with whatever is left
     */
    String command(String program, String taskNumber, OptionalInt tasks) {
        List<String> words = new ArrayList<>(List.of(program, "run", quoted(study), "--share", "--out", quoted(out)));
        if (tasks.isPresent()) {
            words.add("--shard");
            words.add("\"" + taskNumber + "/" + tasks.getAsInt() + "\"");
        }
        options.forEach(option -> words.add(quoted(option)));
        for (String setting : settings) {
            words.add("--set");
            words.add(quoted(setting));
        }
        return String.join(" ", words);
    }

    /** A word that a shell takes as it is. */
    public static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
