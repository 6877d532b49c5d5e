package io.espalier.experiments.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * A batch script of Slurm: the array whose tasks are workers on one run directory, or the one worker that comes after it, does what is
 * left over and prints the tables.
 *
 * @param name of the job
 * @param log where its output goes, with Slurm's placeholders
 * @param program what starts Espalier, as a shell reads it
 * @param tasks of the array; empty for a single job
 * @param directives further options of sbatch, such as {@code --gres=gpu:1}
 * @param secondsBefore how long before the time limit a task is told to save
 */
public record SlurmJob(
        String name,
        String log,
        String program,
        Worker worker,
        OptionalInt tasks,
        List<String> directives,
        int secondsBefore) {
    public SlurmJob {
        directives = List.copyOf(directives);
    }

    /** The text of the script. */
    public String script() {
        List<String> options = new ArrayList<>(List.of(
                "--job-name=" + name,
                "--output=" + log,
                "--open-mode=append",
                "--requeue",
                "--signal=B:TERM@" + secondsBefore));
        tasks.ifPresent(count -> options.add("--array=1-" + count));
        options.addAll(directives);
        StringBuilder script = new StringBuilder("#!/bin/bash\n");
        options.forEach(option -> script.append("#SBATCH ").append(option).append('\n'));
        return script.append(
                        """
                        job=$SLURM_JOB_ID
                        if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then job=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID; fi
                        %s &
                        program=$!
                        # Whatever tells this job to stop is handed on to the program, which saves and ends with 75: then it queues again.
                        told=
                        trap 'told=yes; kill -TERM "$program"' TERM USR1
                        while :; do
                          wait "$program"
                          code=$?
                          [ -n "$told" ] || break
                          told=
                        done
                        if [ "$code" -eq 75 ] && scontrol requeue "$job"; then
                          echo "saved; $job queues again"
                        fi
                        exit "$code"
                        """
                                .formatted(worker.command(program, "$SLURM_ARRAY_TASK_ID", tasks)))
                .toString();
    }
}
