package io.espalier.run;

import java.time.Duration;
import java.util.Optional;

/**
 * How a run is steered from outside.
 *
 * @param stop asks it to save and end
 * @param checkpointEvery the longest that a crash can cost
 * @param shard which part of the plan this process does
 * @param check what a second backend looks at; empty for nothing
 */
public record RunControl(StopSignal stop, Duration checkpointEvery, Shard shard, Optional<Check> check) {
    /** What a run costs at most when it is killed, unless told otherwise. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(30);

    /** Nobody stops it. */
    public static RunControl undisturbed() {
        return new RunControl(new StopSignal(), DEFAULT_INTERVAL, Shard.WHOLE, Optional.empty());
    }
}
