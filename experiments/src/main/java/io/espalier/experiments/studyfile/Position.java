package io.espalier.experiments.studyfile;

import org.yaml.snakeyaml.error.Mark;

/**
 * A place in a study file.
 *
 * @param line from 1
 * @param column from 1
 */
record Position(String source, int line, int column) {
    static Position of(Mark mark) {
        return new Position(mark.getName(), mark.getLine() + 1, mark.getColumn() + 1);
    }

    @Override
    public String toString() {
        return source + ":" + line + ":" + column;
    }
}
