package io.espalier.experiments.cli;

import io.espalier.experiments.studyfile.StudyReader;
import io.espalier.run.RunException;
import io.espalier.run.Selection;
import io.espalier.study.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The study that a run directory holds, with the changes it was run with. */
final class RunStudy {
    private static final String SET_COMMENT = "# --set ";

    private RunStudy() {}

    /** The text to keep in the directory. */
    static String annotated(String text, List<String> settings) {
        StringBuilder annotated = new StringBuilder(text);
        settings.forEach(
                setting -> annotated.append(SET_COMMENT).append(setting).append('\n'));
        return annotated.toString();
    }

    /** Reads it back; its plan as far as the run has come. */
    static Plan plan(Path run) {
        Path file = run.resolve("study.yaml");
        if (!Files.isRegularFile(file)) {
            throw new RunException(run + " is not a run directory: it has no study.yaml.");
        }
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new RunException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
        List<String> settings = text.lines()
                .filter(line -> line.startsWith(SET_COMMENT))
                .map(line -> line.substring(SET_COMMENT.length()))
                .toList();
        return Selection.plan(StudyReader.plan(file.toString(), text, settings).study(), run);
    }
}
