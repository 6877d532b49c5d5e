package io.espalier.train;

import io.espalier.network.HiddenUnits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What members leave, by their labels, for tests to look at. */
public final class Recordings implements Recorder {
    public final Map<String, List<Readout>> readouts = new HashMap<>();
    public final Map<String, List<EpochMetrics>> epochs = new HashMap<>();
    final Map<String, List<ValidationPoint>> points = new HashMap<>();
    final Map<String, Snapshot> snapshots = new HashMap<>();
    final Map<String, Integer> cohortSizes = new HashMap<>();

    /** Those left when a member was last read out. */
    final Map<String, HiddenUnits> units = new HashMap<>();

    /** A member's last readout. */
    public Readout readout(String label) {
        List<Readout> all = readouts.get(label);
        return all.get(all.size() - 1);
    }

    @Override
    public void epoch(Member member, EpochMetrics metrics) {
        epochs.computeIfAbsent(member.label(), key -> new ArrayList<>()).add(metrics);
    }

    @Override
    public void evaluation(Member member, ValidationPoint point) {
        points.computeIfAbsent(member.label(), key -> new ArrayList<>()).add(point);
    }

    @Override
    public void readout(Member member, Readout readout) {
        readouts.computeIfAbsent(member.label(), key -> new ArrayList<>()).add(readout);
        units.put(member.label(), member.units());
    }

    @Override
    public void snapshot(Member member, Snapshot snapshot) {
        snapshots.put(member.label(), snapshot);
    }

    @Override
    public void finished(Member member, int cohortSize) {
        cohortSizes.put(member.label(), cohortSize);
    }
}
