package io.espalier.bench;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.data.Examples;
import io.espalier.network.Curvature;
import io.espalier.network.CurvaturePass;
import io.espalier.network.DropoutPlan;
import io.espalier.network.Network;
import io.espalier.network.Parameters;
import io.espalier.network.Pass;
import io.espalier.network.Representation;
import java.util.List;

/** The curvature of all weights as a cut finds it: batches in file order, forward, and the diagonal carried down. */
final class EspalierCurvature implements Steps {
    private final Backend backend;
    private final int batch;
    private final int examples;
    private final Tensor pixels;
    private final Tensor labels;
    private final Network network;
    private final Pass pass;
    private final CurvaturePass memory;
    private final Tensor loss;
    private int position;

    EspalierCurvature(TrainingProblem problem, Backend backend) {
        this.backend = backend;
        batch = problem.batch();
        Examples training = problem.dataset().train();
        examples = training.count();
        pixels = backend.constant(training.pixels(), new Shape(1, examples, training.features()));
        labels = backend.constant(training.labels(), new Shape(1, 1, examples));
        Parameters start = problem.parameters();
        network = new Network(backend, problem.network(), List.of(start), Representation.of(backend, start));
        network.write(0, start);
        pass = network.pass(batch);
        memory = network.curvaturePass(batch, Curvature.LEVENBERG_MARQUARDT);
        loss = backend.zeros(ElementType.REAL, Shape.scalars(1));
    }

    @Override
    public void run(int steps) {
        for (int i = 0; i < steps; i++) {
            position = position + batch > examples ? 0 : position;
            backend.range(position, pass.indices());
            position += batch;
            backend.gather(pixels, pass.indices(), pass.inputs());
            backend.gatherLabels(labels, pass.indices(), pass.labels());
            network.forward(pass, DropoutPlan.NONE);
            network.loss(pass, loss);
            network.curvature(pass, memory);
        }
    }

    @Override
    public void close() {
        memory.close();
        pass.close();
        network.close();
        List.of(pixels, labels, loss).forEach(Tensor::close);
    }
}
