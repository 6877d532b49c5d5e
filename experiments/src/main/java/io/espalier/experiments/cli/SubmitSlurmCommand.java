package io.espalier.experiments.cli;

import io.espalier.backend.DeviceUnavailableException;
import io.espalier.experiments.cluster.SlurmJob;
import io.espalier.experiments.cluster.Worker;
import io.espalier.run.AtomicFiles;
import io.espalier.run.RunException;
import io.espalier.study.Plan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes and submits a job array whose tasks share a run directory, and the job that ends the run. */
@Command(
        name = "slurm",
        mixinStandardHelpOptions = true,
        description = {
            "Writes and submits a Slurm job array whose tasks share a run directory, and a job after it that does what is"
                    + " left over and prints the tables.",
            "Tasks save before their time limit and when they are preempted, and queue again. The run directory must"
                    + " be one that all nodes see."
        },
        footer = {
            "",
            "Example:",
            "  espalier submit slurm lenet-300-100 --tasks 4 --gpus 1 --time 2:00:00 --out /shared/runs/lenet \\",
            "      --data /shared/data --sbatch=--partition=gpu"
        })
final class SubmitSlurmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private StudyOptions study;

    @Mixin
    private SubmitOptions size;

    @Option(names = "--out", paramLabel = "DIR", description = "The run directory (default runs/<study>).")
    private Path out;

    @Option(names = "--data", paramLabel = "DIR", description = "Where nodes find data sets (else as on this one).")
    private Path data;

    @Option(
            names = "--time",
            paramLabel = "LIMIT",
            defaultValue = "1:00:00",
            description = "Of a task (default: 1:00:00).")
    private String time;

    @Option(
            names = "--signal-before",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long before the limit a task saves (default: 60).")
    private int secondsBefore;

    @Option(
            names = "--program",
            paramLabel = "COMMAND",
            description =
                    "What starts Espalier on a node, such as \"apptainer run --nv espalier.sif\" (default: this one).")
    private String program;

    @Option(names = "--sbatch", paramLabel = "OPTION", description = "A further option of sbatch; may be repeated.")
    private List<String> directives = new ArrayList<>();

    @Option(names = "--wait", description = "Return when the run is over, with the exit code of its last job.")
    private boolean wait;

    @Option(names = "--dry-run", description = "Write the scripts and submit nothing.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Plan plan = study.plan();
        Path run = (out == null ? Path.of("runs", plan.study().name()) : out)
                .toAbsolutePath()
                .normalize();
        Path folder = run.resolve("slurm");
        if (!time.matches("[0-9][0-9:-]*")) {
            throw new ParameterException(
                    spec.commandLine(), "--time is written as in Slurm, such as 90 or 2:00:00, got " + time + ".");
        }
        for (String directive : directives) {
            if (!directive.matches("-[^\\n]+")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--sbatch takes an option, such as --partition=gpu, got " + directive + ".");
            }
        }
        Files.createDirectories(folder);
        AtomicFiles.write(folder.resolve("study.yaml"), study.source());
        List<String> options = size.runOptions();
        if (data != null) {
            options.addAll(List.of("--data", data.toAbsolutePath().toString()));
        }
        Worker worker = new Worker(folder.resolve("study.yaml").toString(), study.settings(), run.toString(), options);
        Path array = write(folder, "array", plan, worker, OptionalInt.of(size.tasks()), "%a");
        Path last = write(folder, "last", plan, worker, OptionalInt.empty(), "last");
        PrintWriter stdout = spec.commandLine().getOut();
        if (dryRun) {
            stdout.println("sbatch " + Worker.quoted(array.toString()));
            stdout.println("sbatch --dependency=afterany:ARRAY_JOB " + Worker.quoted(last.toString()));
            return ExitCode.DONE;
        }
        String job = sbatch(List.of("--parsable", array.toString())).output();
        stdout.println("Job " + job + ": " + size.tasks() + " tasks in " + run);
        stdout.flush();
        List<String> after = new ArrayList<>(List.of("--parsable", "--dependency=afterany:" + job, last.toString()));
        if (wait) {
            after.add(0, "--wait");
        }
        Submitted end = sbatch(after);
        stdout.println("Job " + end.output() + (wait ? " has ended the run" : " ends the run") + "; its table is in "
                + folder.resolve("last.log"));
        return end.code();
    }

    private Path write(Path folder, String name, Plan plan, Worker worker, OptionalInt tasks, String log)
            throws IOException {
        List<String> all = new ArrayList<>(
                List.of("--time=" + time, "--cpus-per-task=" + size.cpus(), "--mem=" + size.memory(), "--ntasks=1"));
        if (size.gpus() > 0) {
            all.add("--gres=gpu:" + size.gpus());
        }
        all.addAll(directives);
        Path script = folder.resolve(name + ".sh");
        AtomicFiles.write(
                script,
                new SlurmJob(
                                "espalier-" + plan.study().name(),
                                folder.resolve(log + ".log").toString().replace(" ", "\\ "),
                                program == null ? Worker.quoted(launcher()) : program,
                                worker,
                                tasks,
                                all,
                                size.within("--signal-before", secondsBefore, 1, 65_535))
                        .script());
        return script;
    }

    /** The launcher says where it is. */
    private static String launcher() {
        return System.getProperty("espalier.launcher", "espalier");
    }

    /** What sbatch said, and how it ended: waiting, with the exit code of the job. */
    private record Submitted(String output, int code) {}

    private Submitted sbatch(List<String> arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("sbatch"));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int code = process.waitFor();
            if (said.isEmpty()) {
                throw new RunException(
                        "sbatch refused the job (exit " + code + "): " + String.join(" ", command) + ".");
            }
            // On federated clusters the cluster's name follows.
            return new Submitted(said.split(";")[0], code);
        } catch (IOException e) {
            throw new DeviceUnavailableException(
                    "sbatch cannot be started: " + e.getMessage() + ". Submit where Slurm is, or use --dry-run.");
        }
    }
}
