package io.espalier.experiments.cluster;

import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * An Indexed Job of Kubernetes whose pods are workers on one run directory, with the ConfigMap that holds the study.
 *
 * @param name of both, a DNS label
 * @param study text of the study file
 * @param worker what each pod does; the study is at {@link #STUDY}, runs below {@link #RUNS}, data in {@link #DATA}
 * @param tasks how many pods
 * @param memory as Kubernetes writes it
 * @param runsClaim the volume claim for run directories, of access mode ReadWriteMany
 * @param dataClaim the volume claim with data sets, which is only read
 */
public record KubernetesJob(
        String name,
        String study,
        String image,
        Worker worker,
        int tasks,
        int cpus,
        String memory,
        int gpus,
        String runsClaim,
        String dataClaim) {
    /** Where pods see the study. */
    public static final String STUDY = "/study/study.yaml";

    /** Where pods see the volume of runs. */
    public static final String RUNS = "/runs";

    /** Where pods see the volume of data. */
    public static final String DATA = "/data";

    /**
     * Exit 75, and pods that the cluster itself takes away, start again and are not counted; bad input and missing devices end the Job,
     * since no other pod would fare better; a failed trial ends its pod's index. Anything else is tried again three times.
     */
    private static final String MANIFEST =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: %1$s
            data:
              study.yaml: |2
            %2$s
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: %1$s
              labels:
                app.kubernetes.io/name: espalier
            spec:
              completionMode: Indexed
              completions: %3$d
              parallelism: %3$d
              backoffLimitPerIndex: 3
              podFailurePolicy:
                rules:
                  - action: Ignore
                    onExitCodes:
                      containerName: espalier
                      operator: In
                      values: [75]
                  - action: FailJob
                    onExitCodes:
                      containerName: espalier
                      operator: In
                      values: [2, 3]
                  - action: FailIndex
                    onExitCodes:
                      containerName: espalier
                      operator: In
                      values: [1, 4]
                  - action: Ignore
                    onPodConditions:
                      - type: DisruptionTarget
                        status: "True"
              template:
                metadata:
                  labels:
                    app.kubernetes.io/name: espalier
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 60
                  automountServiceAccountToken: false
                  securityContext:
                    runAsNonRoot: true
                    runAsUser: 10001
                    fsGroup: 10001
                  containers:
                    - name: espalier
                      image: %4$s
                      command:
                        - sh
                        - -c
                        - %5$s
                      resources:
                        requests: { cpu: "%6$d", memory: %7$s }
                        limits: { memory: %7$s%8$s }
                      securityContext:
                        allowPrivilegeEscalation: false
                        readOnlyRootFilesystem: true
                        capabilities: { drop: [ALL] }
                      volumeMounts:
                        - { name: study, mountPath: /study, readOnly: true }
                        - { name: runs, mountPath: /runs }
                        - { name: data, mountPath: /data, readOnly: true }
                        - { name: tmp, mountPath: /tmp }
                  volumes:
                    - name: study
                      configMap: { name: %1$s }
                    - name: runs
                      persistentVolumeClaim: { claimName: %9$s }
                    - name: data
                      persistentVolumeClaim: { claimName: %10$s, readOnly: true }
                    - name: tmp
                      emptyDir: {}
            """;

    /** Both as YAML. */
    public String manifest() {
        String indented = study.lines().map(line -> "    " + line).collect(Collectors.joining("\n"));
        String command = worker.command("espalier", "$((JOB_COMPLETION_INDEX + 1))", OptionalInt.of(tasks));
        return MANIFEST.formatted(
                name,
                indented,
                tasks,
                quoted(image),
                // Kubernetes replaces $(NAME) in commands; $$ stands for the dollar that the shell is to see.
                quoted("exec " + command.replace("$(", "$$(")),
                cpus,
                memory,
                gpus > 0 ? ", nvidia.com/gpu: " + gpus : "",
                runsClaim,
                dataClaim);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** Whether a text is a DNS label, as names of objects and claims must be. */
    public static boolean isLabel(String text) {
        return text.length() <= 52 && text.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
    }
}
