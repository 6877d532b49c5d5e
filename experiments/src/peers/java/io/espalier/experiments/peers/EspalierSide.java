package io.espalier.experiments.peers;

import io.espalier.backend.Backend;
import io.espalier.backend.ElementType;
import io.espalier.backend.SgdRates;
import io.espalier.backend.Shape;
import io.espalier.backend.Tensor;
import io.espalier.backend.cpu.CpuBackend;
import io.espalier.compress.SaliencyKind;
import io.espalier.compress.Scope;
import io.espalier.data.Catalog;
import io.espalier.data.DataSource;
import io.espalier.data.DataSpec;
import io.espalier.data.Dataset;
import io.espalier.data.Examples;
import io.espalier.network.DropoutPlan;
import io.espalier.network.NamedNetwork;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameter;
import io.espalier.network.Parameters;
import io.espalier.network.Pass;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import io.espalier.train.Cohort;
import io.espalier.train.CohortKey;
import io.espalier.train.Instruction;
import io.espalier.train.LearningRate;
import io.espalier.train.Length;
import io.espalier.train.Member;
import io.espalier.train.Penalty;
import io.espalier.train.Program;
import io.espalier.train.Recorder;
import io.espalier.train.ReportAt;
import io.espalier.train.ResidentData;
import io.espalier.train.Trainer;
import io.espalier.train.TrainingSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Our step, as a study takes it: shuffled batches out of a byte data set, dense or with some of the weights. */
final class EspalierSide implements Side {
    private static final NetworkSpec NETWORK = NamedNetwork.LENET_300_100.spec();

    private final Backend backend = new CpuBackend();
    private int left;
    private final Trainer trainer = new Trainer(() -> --this.left <= 0);
    private Cohort cohort;

    EspalierSide(double density) {
        DataSpec spec = new DataSpec(new DataSource.Named(Catalog.MNIST), 0);
        PhiloxSequence random = new PhiloxSequence(new Seed(1), 1);
        byte[] pixels = new byte[Problem.EXAMPLES * NETWORK.inputs()];
        int[] labels = new int[Problem.EXAMPLES];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) random.nextInt();
        }
        Arrays.setAll(labels, i -> random.nextInt(NETWORK.outputs()));
        Examples examples = new Examples("bench", NETWORK.inputs(), pixels, labels, "");
        TrainingSettings settings = new TrainingSettings(
                1_000_000,
                Problem.BATCH,
                new LearningRate.Constant(1e-3),
                Problem.MOMENTUM,
                0,
                0,
                Penalty.NONE,
                ReportAt.LAST);
        List<Instruction> program = new ArrayList<>(List.of(new Instruction.Initialize()));
        if (density < 1) {
            int keep = (int) Math.round(density * NETWORK.prunable());
            program.add(new Instruction.Prune(SaliencyKind.MAGNITUDE.saliency(), Scope.LAYER, keep));
        }
        program.add(new Instruction.StartPhase(settings, Length.epochs(0), false));
        program.add(new Instruction.Train(Length.parse("900000000it")));
        Member member = new Member("bench", new Seed(0), new Program(program), null);
        ResidentData data = new ResidentData(backend, new Dataset("bench", examples, examples));
        CohortKey key = CohortKey.atStart(NETWORK, spec, Problem.BATCH);
        cohort = new Cohort(key, backend, data.parts(spec), Recorder.NONE, List.of(member));
        cohort.applyDueEvents();
        cohort = cohort.regrouped().get(0);
    }

    @Override
    public void train(int steps) {
        left = steps;
        while (left > 0) {
            trainer.untilNextEvent(cohort);
            cohort.applyDueEvents();
        }
    }

    @Override
    public double[] losses() {
        List<Parameters.LayerParameters> layers = new ArrayList<>();
        for (int l = 0; l < NETWORK.layers(); l++) {
            float[] weights = Problem.weights(l);
            byte[] mask = new byte[weights.length];
            Arrays.fill(mask, (byte) 1);
            layers.add(new Parameters.LayerParameters(
                    NETWORK.outputs(l), NETWORK.inputs(l), weights, mask, new float[NETWORK.outputs(l)]));
        }
        try (Network network = new Network(backend, NETWORK, 1);
                Pass pass = network.pass(Problem.BATCH)) {
            network.write(0, new Parameters(layers));
            float[] inputs = new float[NETWORK.inputs() * Problem.BATCH];
            int[] labels = new int[Problem.BATCH];
            for (int b = 0; b < Problem.BATCH; b++) {
                labels[b] = Problem.label(b);
                for (int f = 0; f < NETWORK.inputs(); f++) {
                    inputs[f * Problem.BATCH + b] = Problem.input(b, f);
                }
            }
            backend.write(pass.inputs(), 0, inputs);
            backend.write(pass.labels(), 0, labels);
            double before = loss(network, pass);
            network.backward(pass, DropoutPlan.NONE);
            Tensor zero = backend.zeros(ElementType.REAL, Shape.scalars(1));
            Tensor rate = backend.zeros(ElementType.REAL, Shape.scalars(1));
            backend.write(rate, 0, new float[] {Problem.RATE});
            for (Parameter parameter : network.parameters()) {
                Tensor velocity =
                        backend.zeros(ElementType.REAL, parameter.value().shape());
                backend.sgd(parameter.value(), parameter.gradient(), velocity, new SgdRates(rate, zero, zero, zero));
            }
            return new double[] {before, loss(network, pass)};
        }
    }

    private double loss(Network network, Pass pass) {
        Tensor sum = backend.zeros(ElementType.REAL, Shape.scalars(1));
        network.forward(pass, DropoutPlan.NONE);
        network.loss(pass, sum);
        return backend.doubles(sum, 0)[0] / Problem.BATCH;
    }
}
