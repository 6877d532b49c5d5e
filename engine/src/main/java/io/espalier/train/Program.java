package io.espalier.train;

import java.util.List;

/** What a member does from beginning to end. */
public record Program(List<Instruction> instructions) {
    public Program {
        instructions = List.copyOf(instructions);
    }
}
