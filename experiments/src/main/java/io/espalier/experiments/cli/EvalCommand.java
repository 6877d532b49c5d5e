package io.espalier.experiments.cli;

import io.espalier.backend.Backend;
import io.espalier.data.Dataset;
import io.espalier.network.Network;
import io.espalier.network.NetworkSpec;
import io.espalier.network.Parameters;
import io.espalier.network.Representation;
import io.espalier.train.Evaluation;
import io.espalier.train.Evaluator;
import io.espalier.train.Part;
import io.espalier.train.ResidentData;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Test error and loss of a model. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        description = "Prints the test error and the mean test loss of a model, over every test example.",
        footer = {"", "Example:", "  espalier eval --model M.safetensors --network lenet-300-100 --dataset mnist"})
final class EvalCommand implements Callable<Integer> {
    private final Services services;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions options;

    EvalCommand(Services services) {
        this.services = services;
    }

    @Override
    public Integer call() {
        NetworkSpec shape = options.network();
        Parameters parameters = options.parameters(shape);
        Dataset dataset = options.dataset(services, shape);
        Evaluation test;
        try (Backend backend = services.open(options.backend());
                ResidentData data = new ResidentData(backend, dataset);
                Network network =
                        new Network(backend, shape, List.of(parameters), Representation.of(backend, parameters));
                Evaluator evaluator = new Evaluator(backend, network, data.parts(options.dataSpec()))) {
            test = evaluator.evaluate(Part.TEST).get(0);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "test error  %.4f %%  (%d of n = %d)%n",
                test.errorPercent(),
                test.errors(),
                test.examples());
        out.printf(Locale.ROOT, "test loss   %.6f%n", test.loss());
        out.flush();
        return ExitCode.DONE;
    }
}
