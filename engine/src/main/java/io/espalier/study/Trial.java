package io.espalier.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.data.DataSpec;
import io.espalier.method.Trajectory;
import io.espalier.network.NetworkSpec;
import io.espalier.random.Seed;
import io.espalier.train.Part;
import io.espalier.train.Program;
import java.util.List;
import java.util.Optional;

/**
 * One training trajectory, fully specified.
 *
 * @param canonical the text that its id is the hash of
 * @param method what the results call its method
 * @param dense the uncompressed network, which ratios are counted against
 * @param parent the trial whose reported weights it starts from, or that teaches it
 * @param epochs trained from initialisation to its end, ancestors that it starts from included
 */
public record Trial(
        TrialId id,
        ObjectNode canonical,
        String method,
        Purpose purpose,
        DataSpec data,
        NetworkSpec dense,
        Trajectory trajectory,
        Seed seed,
        Optional<TrialId> parent,
        double epochs) {
    /** What it trains, as it begins. */
    public NetworkSpec network() {
        return trajectory.network();
    }

    /** Examples a step. */
    public int batch() {
        return trajectory.training().batch();
    }

    /** Where it is read out, ascending; 1 alone for a dense network. */
    public List<CompressionRatio> ratios() {
        return trajectory.ratios();
    }

    public Program program() {
        Program program = trajectory.program();
        if (purpose == Purpose.SELECTION) {
            program = program.without(Part.TEST);
        }
        return data.trainingErrors() ? program : program.without(Part.TRAINING);
    }

    /** Epochs trained by this trial alone. */
    public double ownEpochs() {
        return trajectory.epochs();
    }
}
