package io.espalier.experiments.cli;

import io.espalier.backend.Backend;
import io.espalier.backend.contract.Contract;
import io.espalier.backend.contract.Expectations;
import io.espalier.backend.contract.RecordedAnswers;
import io.espalier.backend.contract.Verification;
import io.espalier.backend.contract.Verification.OpResult;
import io.espalier.run.BackendKind;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Checks every op of a backend against the reference on this machine. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Checks every op of a backend against the float64 reference, on this machine.",
        footer = {"", "Example:", "  espalier verify --backend cpu"})
final class VerifyCommand implements Callable<Integer> {
    private final Services services;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--backend",
            paramLabel = "B",
            defaultValue = "auto",
            description = "auto, cpu, cuda, cuda-tf32 or reference.")
    private String backend;

    @Option(names = "--record", paramLabel = "F", description = "Write the reference's answers to a file and end.")
    private Path record;

    @Option(
            names = "--against",
            paramLabel = "F",
            description = "Compare with recorded answers, where ND4J is not at hand.")
    private Path against;

    VerifyCommand(Services services) {
        this.services = services;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (record != null) {
            try (Backend reference = services.open(BackendKind.REFERENCE)) {
                RecordedAnswers.write(record, Contract.cases(), Expectations.of(reference));
            }
            out.println(record);
            return ExitCode.DONE;
        }
        List<OpResult> results;
        BackendKind kind = BackendNames.parse(backend, spec);
        if (against != null && kind == BackendKind.REFERENCE) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Recorded answers are the reference's own, rounded: it cannot be held against them."
                            + " Verify cpu or cuda.");
        }
        try (Backend candidate = services.open(kind)) {
            results = against(candidate);
        }
        TextTable text = new TextTable(1, "op", "cases", "worst error / bound", "verdict");
        for (OpResult result : results) {
            text.row(
                    result.op(),
                    Integer.toString(result.cases()),
                    String.format(Locale.ROOT, "%.4f", result.worst()),
                    result.passed() ? "ok" : "FAILED");
        }
        text.print(out);
        List<OpResult> failed =
                results.stream().filter(result -> !result.passed()).toList();
        failed.forEach(result -> out.println(result.failure()));
        out.println(
                failed.isEmpty()
                        ? "Backend " + kind.key() + " keeps the contract: " + results.size() + " ops."
                        : "Backend " + kind.key() + " breaks the contract in " + failed.size() + " of " + results.size()
                                + " ops.");
        out.flush();
        return failed.isEmpty() ? ExitCode.DONE : ExitCode.REGRESSION;
    }

    private List<OpResult> against(Backend candidate) {
        if (against != null) {
            return Verification.run(Contract.cases(), RecordedAnswers.read(against), candidate);
        }
        try (Backend reference = services.open(BackendKind.REFERENCE)) {
            return Verification.run(Contract.cases(), Expectations.of(reference), candidate);
        }
    }
}
