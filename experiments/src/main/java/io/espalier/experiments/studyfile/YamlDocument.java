package io.espalier.experiments.studyfile;

import java.io.StringReader;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;

/** A YAML text as a tree whose nodes know their place. */
final class YamlDocument {
    private static final int MAX_CHARACTERS = 1 << 20;

    private final String source;
    private final Node root;
    private final Map<Node, String> assigned = new IdentityHashMap<>();
    private final Map<String, Position> positions = new LinkedHashMap<>();

    /** @param source what messages call the text */
    YamlDocument(String source, String text) {
        this.source = source;
        this.root = compose(source, text);
    }

    private static Node compose(String source, String text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setNestingDepthLimit(20);
        DumperOptions dumper = new DumperOptions();
        Yaml yaml = new Yaml(new SafeConstructor(options), new Representer(dumper), dumper, options);
        Node node;
        try {
            node = yaml.compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            Position place = place(source, e.getProblemMark());
            throw new StudyFileException(place, "This is not YAML: " + e.getProblem() + ".");
        } catch (YAMLException e) {
            throw new StudyFileException(source + ": This is not YAML: " + e.getMessage() + ".");
        }
        if (node == null) {
            throw new StudyFileException(
                    source + ": The file is empty. A study needs at least `study`, `data`, `network`,"
                            + " `training` and `methods`.");
        }
        return node;
    }

    private static Position place(String source, Mark mark) {
        return mark == null
                ? new Position(source, 1, 1)
                : new Position(source, mark.getLine() + 1, mark.getColumn() + 1);
    }

    Position position(Node node) {
        return place(assigned.getOrDefault(node, source), node.getStartMark());
    }

    YamlValue root() {
        return root("");
    }

    /** @param path what messages call it */
    YamlValue root(String path) {
        return new YamlValue(this, path, root);
    }

    void visited(String path, Node node) {
        positions.put(path, position(node));
    }

    /** The place of a path that was read, or of the nearest one around it. */
    Position position(String path) {
        String nearest = path;
        while (!positions.containsKey(nearest)) {
            int cut = Math.max(nearest.lastIndexOf('.'), nearest.lastIndexOf('['));
            nearest = cut < 0 ? "" : nearest.substring(0, cut);
        }
        return positions.get(nearest);
    }

    /** Applies {@code --set path=value}: path is dotted keys, list items by number from 0. */
    void set(String assignment) {
        int equals = assignment.indexOf('=');
        String origin = "--set " + assignment;
        if (equals < 1) {
            throw new StudyFileException(origin + ": Write --set key=value, such as --set training.epochs=3.");
        }
        Node value = compose(origin, assignment.substring(equals + 1));
        assign(value, origin);
        String[] keys = assignment.substring(0, equals).strip().split("\\.");
        Node node = root;
        for (int i = 0; i < keys.length; i++) {
            boolean last = i == keys.length - 1;
            String rest = String.join(".", List.of(keys).subList(i, keys.length));
            if (!last && node instanceof MappingNode map && hasKey(map, rest)) {
                // A key of `tune` has points in it.
                put(map, rest, value);
                return;
            }
            if (node instanceof MappingNode map) {
                node = last ? put(map, keys[i], value) : child(map, keys[i], origin);
            } else if (node instanceof SequenceNode list && keys[i].matches("[0-9]{1,6}")) {
                int index = Integer.parseInt(keys[i]);
                if (index >= list.getValue().size()) {
                    throw new StudyFileException(
                            origin + ": The list has " + list.getValue().size() + " items, counted from 0.");
                }
                node = last
                        ? list.getValue().set(index, value)
                        : list.getValue().get(index);
            } else {
                throw new StudyFileException(origin + ": `" + keys[i] + "` does not lead anywhere in the study.");
            }
        }
    }

    /** Values given on the command line have their place there. */
    private void assign(Node node, String origin) {
        assigned.put(node, origin);
        if (node instanceof MappingNode map) {
            for (NodeTuple tuple : map.getValue()) {
                assign(tuple.getKeyNode(), origin);
                assign(tuple.getValueNode(), origin);
            }
        } else if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> assign(item, origin));
        }
    }

    private static Node child(MappingNode map, String key, String origin) {
        for (NodeTuple tuple : map.getValue()) {
            if (isKey(tuple, key)) {
                return tuple.getValueNode();
            }
        }
        List<String> keys = map.getValue().stream()
                .map(tuple -> tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?")
                .toList();
        throw new StudyFileException(origin + ": The study has no `" + key + "` here. " + Nearest.hint(key, keys));
    }

    private Node put(MappingNode map, String key, Node value) {
        List<NodeTuple> tuples = map.getValue();
        for (int i = 0; i < tuples.size(); i++) {
            if (isKey(tuples.get(i), key)) {
                tuples.set(i, new NodeTuple(tuples.get(i).getKeyNode(), value));
                return value;
            }
        }
        tuples.add(new NodeTuple(key(key, value), value));
        return value;
    }

    /** A key that stands where its value does. */
    Node key(String name, Node value) {
        Node key = new ScalarNode(
                Tag.STR, name, value.getStartMark(), value.getEndMark(), DumperOptions.ScalarStyle.PLAIN);
        return likewise(key, value);
    }

    /** A map with nothing in it that stands where a value does. */
    Node emptyMap(Node value) {
        MappingNode map = new MappingNode(
                Tag.MAP, true, List.of(), value.getStartMark(), value.getEndMark(), DumperOptions.FlowStyle.FLOW);
        return likewise(map, value);
    }

    /** A map that stands where another does, with other content. */
    Node map(MappingNode place, List<NodeTuple> tuples) {
        MappingNode map = new MappingNode(
                Tag.MAP, true, tuples, place.getStartMark(), place.getEndMark(), DumperOptions.FlowStyle.FLOW);
        return likewise(map, place);
    }

    private <T extends Node> T likewise(T node, Node place) {
        if (assigned.containsKey(place)) {
            assigned.put(node, assigned.get(place));
        }
        return node;
    }

    private static boolean hasKey(MappingNode map, String key) {
        return map.getValue().stream().anyMatch(tuple -> isKey(tuple, key));
    }

    private static boolean isKey(NodeTuple tuple, String key) {
        return tuple.getKeyNode() instanceof ScalarNode scalar
                && scalar.getValue().equals(key);
    }
}
