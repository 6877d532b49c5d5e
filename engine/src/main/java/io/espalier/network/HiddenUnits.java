package io.espalier.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which hidden units of a network are left.
 *
 * @param layers of each hidden layer the units, by their numbers in the whole network, ascending; empty: all of all layers
 */
public record HiddenUnits(List<int[]> layers) {
    /** Of a network that has lost none. */
    public static final HiddenUnits ALL = new HiddenUnits(List.of());

    public HiddenUnits {
        layers = List.copyOf(layers);
    }

    /** Whether none is lost. */
    public boolean areAll() {
        return layers.isEmpty();
    }

    /** Those of them that are still left after a second loss, which counts units by their places among these. */
    public HiddenUnits after(HiddenUnits left) {
        if (areAll() || left.areAll()) {
            return areAll() ? left : this;
        }
        List<int[]> numbers = new ArrayList<>();
        for (int l = 0; l < layers.size(); l++) {
            int[] before = layers.get(l);
            int[] places = left.layers.get(l);
            int[] after = new int[places.length];
            for (int i = 0; i < after.length; i++) {
                after[i] = before[places[i]];
            }
            numbers.add(after);
        }
        return new HiddenUnits(numbers);
    }

    /** The numbers of hidden layer l's units, of which there were so many; of anything but a hidden layer all. */
    public int[] numbers(int layer, int width) {
        if (layer >= 0 && layer < layers.size()) {
            return layers.get(layer);
        }
        int[] all = new int[width];
        Arrays.setAll(all, i -> i);
        return all;
    }
}
