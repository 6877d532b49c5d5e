package io.espalier.experiments.peers;

import static org.bytedeco.pytorch.global.torch.set_num_threads;

import io.espalier.bench.Contestant;
import io.espalier.bench.Load;
import io.espalier.bench.Steps;
import io.espalier.bench.TrainingProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** libtorch as a contestant: trials one after the other in one process. */
public final class TorchContestant {
    private TorchContestant() {}

    /** Arguments: network, batch, load, trials, threads, and plain, channels-last, gauss-newton or gauss-newton-summed. */
    public static void main(String[] arguments) throws IOException {
        TrainingProblem problem =
                TrainingProblem.of(arguments[0], Integer.parseInt(arguments[1]), Load.parse(arguments[2]));
        set_num_threads(Integer.parseInt(arguments[4]));
        List<TorchSteps> trials = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
            trials.add(
                    problem.load() instanceof Load.CurvaturePass
                            ? new TorchCurvature(problem, way(arguments[5]))
                            : new TorchTraining(problem, arguments[5].equals("channels-last")));
        }
        Contestant.serve(trials.get(0).answers(), new Steps() {
            @Override
            public void run(int steps) {
                trials.forEach(trial -> trial.run(steps));
            }

            @Override
            public void close() {}
        });
    }

    private static TorchCurvature.Way way(String variant) {
        return switch (variant) {
            case "gauss-newton" -> TorchCurvature.Way.ROWS;
            case "gauss-newton-summed" -> TorchCurvature.Way.ROWS_SUMMED;
            default -> TorchCurvature.Way.RECURSION;
        };
    }
}
