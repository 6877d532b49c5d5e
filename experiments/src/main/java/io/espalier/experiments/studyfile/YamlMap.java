package io.espalier.experiments.studyfile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** A map in a study file; keys that nobody knows and keys given twice are errors. */
final class YamlMap {
    private final YamlDocument document;
    private final String path;
    private final MappingNode node;
    private final Map<String, NodeTuple> fields = new LinkedHashMap<>();

    YamlMap(YamlDocument document, String path, MappingNode node) {
        this.document = document;
        this.path = path;
        this.node = node;
        for (NodeTuple tuple : node.getValue()) {
            Node key = tuple.getKeyNode();
            if (!(key instanceof ScalarNode scalar)) {
                throw new StudyFileException(document.position(key), "A key must be a plain name.");
            }
            if (fields.put(scalar.getValue(), tuple) != null) {
                throw new StudyFileException(
                        document.position(key), "`" + scalar.getValue() + "` is given twice here. Keep one of them.");
            }
        }
    }

    /** Refuses any key that is not among these. */
    YamlMap allow(String... known) {
        Set<String> valid = Set.of(known);
        fields.forEach((name, tuple) -> {
            if (!valid.contains(name)) {
                throw new StudyFileException(
                        document.position(tuple.getKeyNode()),
                        "Unknown key `" + name + "`" + (path.isEmpty() ? "" : " in `" + path + "`") + ". "
                                + Nearest.hint(name, List.of(known)));
            }
        });
        return this;
    }

    /** Complains about a key. */
    StudyFileException error(String key, String message) {
        return new StudyFileException(document.position(fields.get(key).getKeyNode()), message);
    }

    Set<String> keys() {
        return fields.keySet();
    }

    boolean has(String key) {
        return fields.containsKey(key);
    }

    YamlValue required(String key) {
        return optional(key)
                .orElseThrow(() -> new StudyFileException(
                        document.position(node),
                        (path.isEmpty() ? "The study" : "`" + path + "`") + " lacks `" + key + "`."));
    }

    Optional<YamlValue> optional(String key) {
        String child = path.isEmpty() ? key : path + "." + key;
        return Optional.ofNullable(fields.get(key)).map(tuple -> new YamlValue(document, child, tuple.getValueNode()));
    }
}
