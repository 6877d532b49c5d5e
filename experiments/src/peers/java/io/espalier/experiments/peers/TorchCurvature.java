package io.espalier.experiments.peers;

import static org.bytedeco.pytorch.global.torch.addmm;
import static org.bytedeco.pytorch.global.torch.relu;

import io.espalier.bench.TrainingProblem;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The curvature of all weights of a perceptron in libtorch's plain operations, after its own forward pass: by the recursion of LeCun, Denker
 * and Solla (1990) in Levenberg and Marquardt's form, or, exactly, by a Jacobian row for each class (the diagonal of the Gauss-Newton
 * matrix, of rank C for every example).
 */
final class TorchCurvature implements TorchSteps {
    private final TrainingProblem problem;
    private final Way way;
    private final TorchExamples examples;
    private final List<Tensor> weights = new ArrayList<>();
    private final List<Tensor> biases = new ArrayList<>();

    enum Way {
        RECURSION,
        ROWS,
        ROWS_SUMMED
    }

    TorchCurvature(TrainingProblem problem, Way way) {
        this.problem = problem;
        this.way = way;
        examples = new TorchExamples(problem, false);
        for (int l = 0; l < problem.network().layers(); l++) {
            int outputs = problem.network().outputs(l);
            weights.add(Tensor.create(problem.weights(l))
                    .reshape(outputs, problem.network().inputs(l)));
            biases.add(Tensor.create(new float[outputs]));
        }
    }

    /** Means over the batch, a tensor a layer. */
    private List<Tensor> curvatures(Tensor x) {
        List<Tensor> inputs = new ArrayList<>(List.of(x));
        Tensor outputs = null;
        int layers = weights.size();
        for (int l = 0; l < layers; l++) {
            Tensor z = addmm(biases.get(l), inputs.get(l), weights.get(l).t());
            if (l == layers - 1) {
                outputs = z;
            } else {
                inputs.add(relu(z));
            }
        }
        Tensor p = outputs.softmax(1);
        return way == Way.RECURSION ? byRecursion(inputs, p) : byRows(inputs, p);
    }

    private List<Tensor> byRecursion(List<Tensor> inputs, Tensor p) {
        List<Tensor> all = new ArrayList<>();
        Scalar share = new Scalar(1.0 / problem.batch());
        Tensor h = p.sub(p.square());
        for (int l = weights.size() - 1; l >= 0; l--) {
            all.add(0, h.t().mm(inputs.get(l).square()).mul_(share));
            if (l > 0) {
                h = h.mm(weights.get(l).square()).mul_(inputs.get(l).gt(new Scalar(0)));
            }
        }
        return all;
    }

    /**
     * The loss's Hessian by the outputs, diag(p) - p p', is S S' with the columns sqrt(p_c) (e_c - p), each of which is carried down as a
     * gradient is. The squares of all classes meet the same inputs: they are multiplied one by one, or summed first.
     */
    private List<Tensor> byRows(List<Tensor> inputs, Tensor p) {
        List<Tensor> squares = inputs.stream().map(Tensor::square).toList();
        int layers = weights.size();
        Tensor[] sums = new Tensor[layers];
        for (int c = 0; c < problem.network().outputs(); c++) {
            Tensor root = p.narrow(1, c, 1).sqrt();
            Tensor s = p.mul(root).neg();
            s.narrow(1, c, 1).add_(root);
            for (int l = layers - 1; l >= 0; l--) {
                Tensor part =
                        way == Way.ROWS_SUMMED ? s.square() : s.square().t().mm(squares.get(l));
                sums[l] = c == 0 ? part : sums[l].add_(part);
                if (l > 0) {
                    s = s.mm(weights.get(l)).mul_(inputs.get(l).gt(new Scalar(0)));
                }
            }
        }
        Scalar share = new Scalar(1.0 / problem.batch());
        List<Tensor> all = new ArrayList<>();
        for (int l = 0; l < layers; l++) {
            Tensor sum = way == Way.ROWS_SUMMED ? sums[l].t().mm(squares.get(l)) : sums[l];
            all.add(sum.mul_(share));
        }
        return all;
    }

    @Override
    public void run(int steps) {
        for (int i = 0; i < steps; i++) {
            try (PointerScope scope = new PointerScope();
                    NoGradGuard guard = new NoGradGuard()) {
                examples.advance();
                curvatures(examples.inputs());
            }
        }
    }

    @Override
    public double[] answers() {
        try (NoGradGuard guard = new NoGradGuard()) {
            return curvatures(examples.problemInputs()).stream()
                    .mapToDouble(layer -> layer.sum().item_double())
                    .toArray();
        }
    }
}
