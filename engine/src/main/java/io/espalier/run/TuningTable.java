package io.espalier.run;

import io.espalier.study.Choice;
import io.espalier.study.Contest;
import io.espalier.study.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What validation data chose and from what: {@code tuning.csv}. Empty for a study without choices. */
public final class TuningTable {
    private static final String HEADER =
            "method,ratio,configuration,settings,readouts,validation_error_mean,validation_error_sd,chosen,refit_epochs";

    /**
     * A configuration of a method.
     *
     * @param ratio where each ratio chose for itself; empty: all
     * @param refitEpochs what the winner's refit trains at each ratio; empty for losers and without refits
     */
    public record Line(
            String method,
            String ratio,
            int configuration,
            Selection.Score score,
            boolean chosen,
            String refitEpochs) {}

    private final List<Line> lines = new ArrayList<>();

    private TuningTable() {}

    /** Reads what has been decided of a plan. */
    public static TuningTable of(Path run, Plan plan) {
        TuningTable table = new TuningTable();
        plan.contests().forEach((contest, choice) -> choice.ifPresent(made -> table.add(run, plan, contest, made)));
        return table;
    }

    private void add(Path run, Plan plan, Contest contest, Choice choice) {
        List<Selection.Score> scores = Selection.scores(run, contest).orElseThrow();
        for (int i = 0; i < scores.size(); i++) {
            boolean chosen = i == choice.configuration();
            lines.add(new Line(
                    contest.method(),
                    contest.ratio().map(Object::toString).orElse(""),
                    i,
                    scores.get(i),
                    chosen,
                    chosen && plan.study().refit() ? epochs(choice) : ""));
        }
    }

    private static String epochs(Choice choice) {
        StringBuilder text = new StringBuilder();
        choice.epochs().entrySet().stream()
                .sorted((a, b) -> Double.compare(a.getKey().value(), b.getKey().value()))
                .forEach(entry -> text.append(text.isEmpty() ? "" : " ")
                        .append(entry.getKey())
                        .append("x:")
                        .append(entry.getValue()));
        return text.toString();
    }

    /** Configurations in the order of the study. */
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    /** Writes it; a study without choices has no such file. */
    public void write(Path run) throws IOException {
        Path file = run.resolve("tuning.csv");
        if (lines.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        StringBuilder csv = new StringBuilder(HEADER).append('\n');
        for (Line line : lines) {
            csv.append(String.join(
                            ",",
                            Csv.quoted(line.method()),
                            line.ratio(),
                            Integer.toString(line.configuration()),
                            Csv.quoted(line.score().label()),
                            Integer.toString(line.score().readouts()),
                            Csv.number(line.score().validationError().mean(), 4),
                            Csv.number(line.score().validationError().sd(), 4),
                            line.chosen() ? "yes" : "no",
                            line.refitEpochs()))
                    .append('\n');
        }
        AtomicFiles.write(file, csv.toString());
    }
}
