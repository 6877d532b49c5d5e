package io.espalier.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.study.TrialId;
import java.util.ArrayList;
import java.util.List;

/**
 * How one trial was made, beside its result: what a replay needs.
 *
 * @param cohort the trials that were started together, in order; this one among them
 * @param machines that worked on it, one after the other; several where it was interrupted and went on elsewhere
 */
record TrialProvenance(List<TrialId> cohort, List<Machine> machines) {
    public TrialProvenance {
        cohort = List.copyOf(cohort);
        machines = List.copyOf(machines);
    }

    /** The same after another machine went on with the trial. */
    TrialProvenance continuedOn(Machine machine) {
        if (machines.contains(machine)) {
            return this;
        }
        List<Machine> all = new ArrayList<>(machines);
        all.add(machine);
        return new TrialProvenance(cohort, all);
    }

    ObjectNode toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        cohort.forEach(id -> node.withArray("cohort").add(id.value()));
        machines.forEach(machine -> node.withArray("machines").add(machine.toJson()));
        return node;
    }

    static TrialProvenance fromJson(JsonNode node) {
        List<TrialId> cohort = new ArrayList<>();
        node.required("cohort").forEach(id -> cohort.add(new TrialId(id.asText())));
        List<Machine> machines = new ArrayList<>();
        node.required("machines").forEach(machine -> machines.add(Machine.fromJson(machine)));
        return new TrialProvenance(cohort, machines);
    }
}
