package io.espalier.experiments.peers;

import io.espalier.backend.Backend;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.bench.EspalierTraining;
import io.espalier.bench.TrainingProblem;

/** Our step, as a study takes it: shuffled batches out of a byte data set, dense or with some of the weights. */
final class EspalierSide implements Side {
    private final Backend backend = new CpuBackend();
    private final TrainingProblem problem;
    private final EspalierTraining training;

    EspalierSide(TrainingProblem problem, double density) {
        this.problem = problem;
        training = new EspalierTraining(problem, backend, 1, density);
    }

    @Override
    public void train(int steps) {
        training.train(steps);
    }

    @Override
    public double[] losses() {
        return EspalierTraining.losses(problem, backend, 1);
    }
}
