package io.espalier.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What trains, as far as results depend on it to the bit: where two are equal, so are the hashes of models.
 *
 * @param espalier release
 * @param backend its name
 * @param backendIs library versions, vector width, GPUs
 * @param cpu model
 */
record Machine(String espalier, String backend, String backendIs, String cpu) {
    /** This one. */
    static Machine here(Build build, RunDirectory.Executor executor) {
        return new Machine(build.version(), executor.backend(), executor.description(), Provenance.cpuModel());
    }

    ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("espalier", espalier)
                .put("backend", backend)
                .put("backend_is", backendIs)
                .put("cpu", cpu);
    }

    static Machine fromJson(JsonNode node) {
        return new Machine(
                node.required("espalier").asText(),
                node.required("backend").asText(),
                node.required("backend_is").asText(),
                node.required("cpu").asText());
    }
}
