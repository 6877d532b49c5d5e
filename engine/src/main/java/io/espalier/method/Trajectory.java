package io.espalier.method;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.compress.CompressionRatio;
import io.espalier.network.NetworkSpec;
import io.espalier.train.Instruction;
import io.espalier.train.Program;
import io.espalier.train.TrainingSettings;
import java.util.List;
import java.util.Map;

/**
 * What a method does to get to some ratios, whatever the seed.
 *
 * @param network what is trained, as it begins
 * @param training settings of its phases
 * @param ratios where it is read out, ascending; 1 alone for a dense network
 * @param canonical what, beside network, training and ratios, tells it from others: part of the text that identifies a trial
 * @param epochs that the program trains; at most, where it looks at the data
 */
public record Trajectory(
        NetworkSpec network,
        TrainingSettings training,
        List<CompressionRatio> ratios,
        ObjectNode canonical,
        Program program,
        double epochs) {
    public Trajectory {
        ratios = List.copyOf(ratios);
    }

    /** A second look at what a trial of this trajectory reported, with the test data. */
    public Trajectory remeasured() {
        List<Instruction> program =
                ratios.stream().<Instruction>map(Instruction.Remeasure::new).toList();
        return new Trajectory(
                network,
                training,
                ratios,
                JsonNodeFactory.instance.objectNode().put("kind", "remeasure"),
                new Program(program),
                0);
    }

    /** The same, reporting at an epoch of each ratio's phase that has been chosen; in full where none is given. */
    public Trajectory reportingAt(Map<CompressionRatio, Integer> chosen) {
        ObjectNode identity = canonical.deepCopy();
        ObjectNode list = identity.putObject("report-epochs");
        double left = 0;
        for (CompressionRatio ratio : ratios) {
            int full = program.scheduleEpochs(ratio);
            int epoch = Math.min(full, chosen.getOrDefault(ratio, full));
            list.put(ratio.toString(), epoch);
            left = full - epoch;
        }
        return new Trajectory(
                network, training.reportingLast(), ratios, identity, program.reportingAt(chosen), epochs - left);
    }
}
