package io.espalier.experiments.cli;

import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.study.Plan;
import io.espalier.study.Trial;
import io.espalier.train.Instruction;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/** A plan as people read it: every trial with its parent, and what it will cost. */
final class PlanText {
    /** A product with a weight matrix is done three times a step: forward, and for the gradients of inputs and of weights. */
    private static final double OPERATIONS_PER_WEIGHT = 3 * 2;

    private static final double TERA = 1e12;

    private PlanText() {}

    static void print(Plan plan, int workers, PrintWriter out) {
        TextTable text = new TextTable(6, "trial", "for", "method", "network", "ratios", "from", "seed", "epochs");
        double epochs = 0;
        double operations = 0;
        for (Trial trial : plan.trials()) {
            text.row(
                    trial.id().value(),
                    trial.purpose().name().toLowerCase(Locale.ROOT),
                    trial.method(),
                    trial.network().toString(),
                    trial.ratios().stream().map(Object::toString).collect(Collectors.joining(" ")),
                    trial.parent().map(Object::toString).orElse("scratch"),
                    trial.seed().toString(),
                    String.format(Locale.ROOT, "%.0f", trial.ownEpochs()));
            epochs += trial.ownEpochs();
            operations += trial.ownEpochs() * trial.network().multiplyAdds() * OPERATIONS_PER_WEIGHT;
        }
        text.print(out);
        out.println();
        boolean mayBeLess = plan.trials().stream()
                .flatMap(trial -> trial.program().instructions().stream())
                .anyMatch(Instruction.TrainToAccuracy.class::isInstance);
        out.println(plan.trials().size() + " trials, " + plan.rows() + " rows of results, "
                + (mayBeLess ? "at most " : "")
                + String.format(Locale.ROOT, "%.0f", epochs) + " epochs of training"
                + (plan.study().data().source() instanceof DataSource.Named named
                        ? ", " + cost(operations * examples(plan, named.entry()))
                        : "")
                + ".");
        int choices = plan.contests().size();
        if (choices > 0) {
            out.println(
                    choices + (choices == 1 ? " choice" : " choices")
                            + " on validation data come first; what follows from them is shown as if the first configuration won.");
        }
        out.println("On processors: cohorts of one trial, " + workers + " at a time.");
        out.flush();
    }

    private static int examples(Plan plan, Catalog entry) {
        int used = plan.study().data().examples() == 0
                ? entry.trainCount()
                : plan.study().data().examples();
        return used - plan.study().data().validation();
    }

    private static String cost(double operations) {
        return String.format(Locale.ROOT, "%.2f", operations / TERA)
                + " tera-operations (at 60 giga-operations a second " + "a worker: "
                + String.format(Locale.ROOT, "%.0f", operations / 60e9) + " core-seconds)";
    }
}
