package io.espalier.experiments.cli;

import io.espalier.backend.DeviceUnavailableException;
import io.espalier.data.DataException;
import io.espalier.experiments.studyfile.StudyFileException;
import io.espalier.run.RunException;
import io.espalier.study.StudyException;
import java.io.PrintWriter;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program: hands over to a verb and turns what goes wrong into one or two sentences and an exit code. */
@Command(
        name = "espalier",
        mixinStandardHelpOptions = true,
        versionProvider = BuildInfo.class,
        description = "Trains and prunes networks, and says which way of making them small works best.",
        footer = {"", "Example:", "  espalier run quickstart"},
        subcommands = {
            RunCommand.class,
            PlanCommand.class,
            StatusCommand.class,
            ReportCommand.class,
            ReplayCommand.class,
            SubmitCommand.class,
            VerifyCommand.class,
            ScoreCommand.class,
            EvalCommand.class,
            ExportCommand.class,
            DataCommand.class,
            MethodsCommand.class,
            BenchCommand.class,
            DoctorCommand.class
        })
public final class Espalier implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show stack traces.")
    private boolean debug;

    /** Runs the program. */
    public static void main(String[] arguments) {
        System.exit(commandLine(new Services()).execute(arguments));
    }

    /** The program with its services, for tests to run in their own process. */
    static CommandLine commandLine(Services services) {
        Espalier program = new Espalier();
        CommandLine line = new CommandLine(program, new ServiceFactory(services));
        line.setExecutionExceptionHandler((exception, failed, parsed) -> program.report(exception, failed));
        line.setParameterExceptionHandler(Espalier::reportUsage);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do, for example `espalier run quickstart`.");
    }

    private int report(Exception exception, CommandLine failed) {
        PrintWriter err = failed.getErr();
        int code = exitCode(exception);
        err.println(
                code == ExitCode.FAILED
                        ? "espalier: internal error: " + exception + (debug ? "" : ". Use --debug to see where.")
                        : "espalier: " + exception.getMessage());
        if (debug) {
            exception.printStackTrace(err);
        }
        return code;
    }

    private static int exitCode(Exception exception) {
        if (exception instanceof DeviceUnavailableException) {
            return ExitCode.UNAVAILABLE;
        }
        boolean bad = exception instanceof StudyFileException
                || exception instanceof StudyException
                || exception instanceof DataException
                || exception instanceof RunException;
        return bad ? ExitCode.BAD_INPUT : ExitCode.FAILED;
    }

    private static int reportUsage(ParameterException exception, String[] arguments) {
        CommandLine failed = exception.getCommandLine();
        failed.getErr().println("espalier: " + exception.getMessage());
        failed.getErr().println("See `" + failed.getCommandSpec().qualifiedName() + " --help`.");
        return ExitCode.BAD_INPUT;
    }

    /** Gives commands their services; what needs none is built as usual. */
    private record ServiceFactory(Services services) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            Function<Services, ?> constructor = Services.commands().get(type);
            return constructor == null
                    ? CommandLine.defaultFactory().create(type)
                    : type.cast(constructor.apply(services));
        }
    }
}
