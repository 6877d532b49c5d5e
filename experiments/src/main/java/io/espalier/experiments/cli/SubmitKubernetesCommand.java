package io.espalier.experiments.cli;

import io.espalier.experiments.cluster.KubernetesJob;
import io.espalier.experiments.cluster.Worker;
import io.espalier.run.AtomicFiles;
import io.espalier.study.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes a manifest; what reaches the cluster is for kubectl. */
@Command(
        name = "k8s",
        mixinStandardHelpOptions = true,
        description = {
            "Writes an Indexed Job of Kubernetes whose pods share a run directory on a volume.",
            "Exit 75 and evictions start a pod again, bad input and missing devices end the Job."
        },
        footer = {
            "",
            "Example:",
            "  espalier submit k8s lenet-300-100 --tasks 4 --gpus 1 --image registry.lab/espalier:0.1.0 | kubectl apply -f -"
        })
final class SubmitKubernetesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private StudyOptions study;

    @Mixin
    private SubmitOptions size;

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            required = true,
            description = "The image of docker/, as nodes pull it.")
    private String image;

    @Option(names = "--name", paramLabel = "NAME", description = "Of the Job (default: the study's).")
    private String name;

    @Option(
            names = "--runs-claim",
            paramLabel = "NAME",
            defaultValue = "runs",
            description = "Volume claim for run directories, ReadWriteMany (default: runs).")
    private String runsClaim;

    @Option(
            names = "--data-claim",
            paramLabel = "NAME",
            defaultValue = "data",
            description = "Volume claim with data sets (default: data).")
    private String dataClaim;

    @Option(names = "--out", paramLabel = "FILE", description = "Write here rather than to standard output.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Plan plan = study.plan();
        String given = name == null ? plan.study().name().toLowerCase(Locale.ROOT) : name;
        for (String label : List.of(given, runsClaim, dataClaim)) {
            if (!KubernetesJob.isLabel(label)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Kubernetes takes names of at most 52 small letters, digits and dashes, not " + label
                                + ". Choose one with "
                                + (label.equals(given) ? "--name" : "--runs-claim or --data-claim")
                                + ".");
            }
        }
        List<String> options = size.runOptions();
        options.addAll(List.of("--data", KubernetesJob.DATA));
        String manifest = new KubernetesJob(
                        given,
                        study.source(),
                        image,
                        new Worker(
                                KubernetesJob.STUDY,
                                study.settings(),
                                KubernetesJob.RUNS + "/" + plan.study().name(),
                                options),
                        size.tasks(),
                        size.cpus(),
                        kubernetes(size.memory()),
                        size.gpus(),
                        runsClaim,
                        dataClaim)
                .manifest();
        if (out == null) {
            spec.commandLine().getOut().print(manifest);
            spec.commandLine().getOut().flush();
        } else {
            AtomicFiles.write(out, manifest);
            spec.commandLine().getOut().println("kubectl apply -f " + out);
        }
        return ExitCode.DONE;
    }

    /** Slurm's sizes are multiples of 1024, megabytes where no letter stands. */
    private static String kubernetes(String memory) {
        return memory.matches(".*[0-9]") ? memory + "Mi" : memory + "i";
    }
}
