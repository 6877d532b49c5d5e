package io.espalier.experiments.studyfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A value in a study file, read as what it should be or refused with its place. */
final class YamlValue {
    private static final Map<String, Boolean> YES_NO = Map.of("true", true, "false", false);

    private final YamlDocument document;
    private final String path;
    private final Node node;

    YamlValue(YamlDocument document, String path, Node node) {
        this.document = document;
        this.path = path;
        this.node = node;
        document.visited(path, node);
    }

    StudyFileException error(String message) {
        return new StudyFileException(document.position(node), message);
    }

    boolean isMap() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** Whether it is a number, rather than a text, list or map. */
    boolean isNumber() {
        return node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
    }

    YamlMap map() {
        if (node instanceof MappingNode map) {
            return new YamlMap(document, path, map);
        }
        throw error(name() + " must be a map of `key: value`.");
    }

    List<YamlValue> list() {
        if (!(node instanceof SequenceNode list)) {
            throw error(name() + " must be a list such as [1, 2].");
        }
        List<YamlValue> items = new ArrayList<>();
        for (int i = 0; i < list.getValue().size(); i++) {
            items.add(new YamlValue(
                    document, path + "[" + i + "]", list.getValue().get(i)));
        }
        return items;
    }

    String text() {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        throw error(name() + " must be a text.");
    }

    int integer() {
        if (node instanceof ScalarNode scalar && scalar.getValue().matches("[-+]?[0-9_]{1,12}")) {
            long value = Long.parseLong(scalar.getValue().replace("_", "").replace("+", ""));
            if (value == (int) value) {
                return (int) value;
            }
        }
        throw error(name() + " must be a whole number, got `" + shown() + "`.");
    }

    double number() {
        if (node instanceof ScalarNode scalar) {
            try {
                double value = Double.parseDouble(scalar.getValue().replace("_", ""));
                if (Double.isFinite(value)) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw error(name() + " must be a number, got `" + shown() + "`.");
            }
        }
        throw error(name() + " must be a finite number, got `" + shown() + "`.");
    }

    /**
     * The same map with one value, at dotted keys below it, replaced or added; maps on the way are made if need be. Values keep
     * their places in the file.
     */
    YamlValue with(String keys, YamlValue value) {
        return new YamlValue(document, path, replaced(node, keys, value));
    }

    private Node replaced(Node at, String keys, YamlValue value) {
        if (!(at instanceof MappingNode map)) {
            throw value.error("`" + keys + "` cannot be set below a plain value or a list of " + name() + ".");
        }
        int dot = keys.indexOf('.');
        String key = dot < 0 ? keys : keys.substring(0, dot);
        List<NodeTuple> tuples = new ArrayList<>();
        NodeTuple old = null;
        for (NodeTuple tuple : map.getValue()) {
            if (tuple.getKeyNode() instanceof ScalarNode scalar
                    && scalar.getValue().equals(key)) {
                old = tuple;
            } else {
                tuples.add(tuple);
            }
        }
        Node name = old == null ? document.key(key, value.node) : old.getKeyNode();
        Node inner = old == null ? document.emptyMap(value.node) : old.getValueNode();
        tuples.add(new NodeTuple(name, dot < 0 ? value.node : replaced(inner, keys.substring(dot + 1), value)));
        return document.map(map, tuples);
    }

    /** As its author would write it on one line. */
    String compact() {
        if (node instanceof MappingNode map) {
            return map.getValue().isEmpty()
                    ? "{}"
                    : map.getValue().stream()
                            .map(tuple -> compact(tuple.getKeyNode()) + ": " + compact(tuple.getValueNode()))
                            .collect(Collectors.joining(", ", "{ ", " }"));
        }
        return compact(node);
    }

    private String compact(Node part) {
        if (part instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        return part instanceof SequenceNode list
                ? list.getValue().stream().map(this::compact).collect(Collectors.joining(", ", "[", "]"))
                : new YamlValue(document, path, part).compact();
    }

    boolean yesNo() {
        return choice(YES_NO);
    }

    /** One of several names. */
    <T> T choice(Map<String, T> choices) {
        String given = text();
        T chosen = choices.get(given);
        if (chosen == null) {
            throw error(name() + " cannot be `" + given + "`. " + Nearest.hint(given, choices.keySet()));
        }
        return chosen;
    }

    /** Builds a value whose constructor checks it; its complaint gets this place. */
    <T> T build(Supplier<T> constructor) {
        try {
            return constructor.get();
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage() + ".");
        }
    }

    private String shown() {
        return node instanceof ScalarNode scalar ? scalar.getValue() : isMap() ? "a map" : "a list";
    }

    private String name() {
        return path.isEmpty() ? "A study" : "`" + path + "`";
    }
}
