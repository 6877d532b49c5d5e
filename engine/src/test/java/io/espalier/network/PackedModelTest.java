package io.espalier.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.coding.Binary16;
import io.espalier.data.DataException;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.random.PhiloxSequence;
import io.espalier.random.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Model files of quantised layers: the same bits back, damage refused. */
class PackedModelTest {
    private static final NetworkSpec SPEC =
            new NetworkSpec(List.of(23, 17, 5), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);

    /** What the layers of a network are; the first layer has an eighth of its weights, the second all. */
    private enum Kind {
        CODEBOOK {
            @Override
            LayerParameters layer(int outputs, int inputs, byte[] mask, PhiloxSequence random) {
                int[] entries = new int[count(mask)];
                for (int i = 0; i < entries.length; i++) {
                    entries[i] = Math.min(random.nextInt(12), random.nextInt(12));
                }
                byte[] ones = new byte[12];
                Arrays.fill(ones, (byte) 1);
                return new LayerParameters(
                        outputs,
                        inputs,
                        new StoreSpec.Codebook(12, new Assignment(mask, entries)),
                        normal(12, random),
                        ones,
                        normal(outputs, random));
            }
        },
        LINEAR {
            @Override
            LayerParameters layer(int outputs, int inputs, byte[] mask, PhiloxSequence random) {
                StoreSpec.Linear store = new StoreSpec.Linear(5, 0.0123f);
                float[] weight = normal(outputs * inputs, random);
                for (int i = 0; i < weight.length; i++) {
                    weight[i] = mask[i] == 0 ? 0 : store.weight(store.multiple(0.07f * weight[i]));
                }
                return new LayerParameters(outputs, inputs, store, weight, mask, normal(outputs, random));
            }
        },
        HALF {
            @Override
            LayerParameters layer(int outputs, int inputs, byte[] mask, PhiloxSequence random) {
                float[] weight = halves(normal(outputs * inputs, random));
                for (int i = 0; i < weight.length; i++) {
                    weight[i] = mask[i] == 0 ? 0 : weight[i];
                }
                return new LayerParameters(
                        outputs, inputs, new StoreSpec.Half(), weight, mask, halves(normal(outputs, random)));
            }
        };

        abstract LayerParameters layer(int outputs, int inputs, byte[] mask, PhiloxSequence random);

        Parameters parameters() {
            PhiloxSequence random = new PhiloxSequence(new Seed(9), 1);
            byte[] some = new byte[17 * 23];
            for (int i = 0; i < some.length; i++) {
                some[i] = (byte) (random.nextInt(8) == 0 ? 1 : 0);
            }
            byte[] all = new byte[5 * 17];
            Arrays.fill(all, (byte) 1);
            return new Parameters(List.of(layer(17, 23, some, random), layer(5, 17, all, random)));
        }

        private static int count(byte[] mask) {
            int count = 0;
            for (byte one : mask) {
                count += one;
            }
            return count;
        }

        private static float[] normal(int count, PhiloxSequence random) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return values;
        }

        private static float[] halves(float[] values) {
            for (int i = 0; i < values.length; i++) {
                values[i] = Binary16.toFloat(Binary16.of(values[i]));
            }
            return values;
        }
    }

    private static void assertSame(Parameters expected, Parameters found) {
        assertEquals(expected.storage(), found.storage());
        for (int l = 0; l < 2; l++) {
            LayerParameters one = expected.layers().get(l);
            LayerParameters other = found.layers().get(l);
            assertArrayEquals(one.weight(), other.weight());
            assertArrayEquals(one.mask(), other.mask());
            assertArrayEquals(one.bias(), other.bias());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyBitComesBack(Kind kind) {
        byte[] bytes = ModelFile.bytes(SPEC, kind.parameters());
        Parameters read = ModelFile.parse(SPEC, bytes, "m");
        assertSame(kind.parameters(), read);
        assertArrayEquals(bytes, ModelFile.bytes(SPEC, read), "equal models, equal files");
        SafeTensors file = SafeTensors.parse(bytes, "m");
        assertEquals(
                file.entries().stream().mapToLong(entry -> entry.data().length).sum(),
                kind.parameters().layers().stream()
                        .mapToLong(ModelFile::packedBytes)
                        .sum(),
                "what is counted is what is there");
    }

    @Test
    void aLayerThatLostAllItsWeights() {
        byte[] none = new byte[17 * 23];
        Parameters whole = Kind.CODEBOOK.parameters();
        LayerParameters first = whole.layers().get(0);
        LayerParameters empty = new LayerParameters(
                17,
                23,
                new StoreSpec.Codebook(0, new Assignment(none, new int[0])),
                new float[0],
                new byte[0],
                first.bias());
        Parameters lost = new Parameters(List.of(empty, whole.layers().get(1)));
        assertSame(lost, ModelFile.parse(SPEC, ModelFile.bytes(SPEC, lost), "m"));
    }

    /** Readable without Espalier: names, types and shapes as the guide has them. */
    @Test
    void tensorsAndMetadata() {
        Map<Kind, List<String>> expected = Map.of(
                Kind.CODEBOOK,
                List.of(
                        "\"layers.0.codebook\":{\"dtype\":\"F32\",\"shape\":[12]",
                        "\"layers.0.store\":\"codebook\"",
                        "\"layers.0.codes\":{\"dtype\":\"U8\"",
                        "\"layers.0.places\":{\"dtype\":\"U8\"",
                        "\"layers.0.gap_bits\":\"4\"",
                        "\"layers.1.alive\":\"85\"",
                        "\"crc32\":\""),
                Kind.LINEAR,
                List.of("\"layers.0.step\":{\"dtype\":\"F32\",\"shape\":[1]", "\"layers.1.bits\":\"5\""),
                Kind.HALF,
                List.of(
                        "\"layers.0.weight\":{\"dtype\":\"F16\",\"shape\":[41]",
                        "\"layers.1.weight\":{\"dtype\":\"F16\",\"shape\":[5,17]",
                        "\"layers.1.bias\":{\"dtype\":\"F16\",\"shape\":[5]"));
        expected.forEach((kind, parts) -> {
            String text = new String(ModelFile.bytes(SPEC, kind.parameters()), StandardCharsets.ISO_8859_1);
            parts.forEach(part -> assertTrue(text.contains(part), part + " in " + text));
        });
    }

    private static void assertRefused(byte[] bytes) {
        DataException e = assertThrows(DataException.class, () -> ModelFile.parse(SPEC, bytes, "broken.safetensors"));
        assertTrue(e.getMessage().contains("broken.safetensors"), e.getMessage());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void truncatedAtEveryLength(Kind kind) {
        byte[] whole = ModelFile.bytes(SPEC, kind.parameters());
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length));
        }
        assertRefused(Arrays.copyOf(whole, whole.length + 1));
    }

    /** Only in the spaces that fill up the header may a bit change, and then nothing is read differently. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void flippedBitsAreSeen(Kind kind) {
        byte[] whole = ModelFile.bytes(SPEC, kind.parameters());
        int harmless = 0;
        for (int bit = 0; bit < Byte.SIZE * whole.length; bit += 3) {
            byte[] flipped = whole.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            try {
                assertSame(kind.parameters(), ModelFile.parse(SPEC, flipped, "flipped"));
                assertEquals(' ', whole[bit / Byte.SIZE]);
                harmless++;
            } catch (DataException e) {
                assertTrue(e.getMessage().startsWith("flipped"), e.getMessage());
            }
        }
        assertTrue(harmless <= 7 * Byte.SIZE, "" + harmless);
    }

    // ---- damage under a checksum that matches -----------------------------------------------------------------------

    private static byte[] changed(Kind kind, String key, String value, String tensor, UnaryOperator<byte[]> change) {
        SafeTensors sound = SafeTensors.parse(ModelFile.bytes(SPEC, kind.parameters()), "sound");
        TreeMap<String, String> metadata = new TreeMap<>(sound.metadata());
        metadata.remove("crc32");
        if (!key.isEmpty()) {
            metadata.put(key, value);
        }
        List<SafeTensors.Entry> entries = new ArrayList<>();
        for (SafeTensors.Entry entry : sound.entries()) {
            byte[] data =
                    entry.name().equals(tensor) ? change.apply(entry.data().clone()) : entry.data();
            int elements = data.length / (entry.type() == SafeTensors.Type.F32 ? 4 : 1);
            entries.add(
                    data.length == entry.data().length
                            ? new SafeTensors.Entry(entry.name(), entry.type(), entry.shape(), data)
                            : new SafeTensors.Entry(entry.name(), entry.type(), List.of(elements), data));
        }
        CRC32 sum = new CRC32();
        sum.update(new SafeTensors(metadata, entries).toBytes());
        metadata.put("crc32", String.format("%08x", sum.getValue()));
        return new SafeTensors(metadata, entries).toBytes();
    }

    private static void assertRefused(
            String because, Kind kind, String key, String value, String tensor, UnaryOperator<byte[]> change) {
        byte[] bytes = changed(kind, key, value, tensor, change);
        DataException e = assertThrows(DataException.class, () -> ModelFile.parse(SPEC, bytes, "broken.safetensors"));
        assertTrue(e.getMessage().contains(because), e.getMessage());
    }

    private static byte[] filled(byte[] data, int value) {
        Arrays.fill(data, (byte) value);
        return data;
    }

    @Test
    void damageThatNoChecksumSees() {
        UnaryOperator<byte[]> same = data -> data;
        byte[] sound = changed(Kind.CODEBOOK, "", "", "", same);
        assertSame(Kind.CODEBOOK.parameters(), ModelFile.parse(SPEC, sound, "sound"));
        assertRefused("9999 of 391", Kind.CODEBOOK, "layers.0.alive", "9999", "", same);
        assertRefused("ends too early", Kind.CODEBOOK, "layers.0.alive", "300", "", same);
        assertRefused("after its end", Kind.CODEBOOK, "layers.0.alive", "5", "", same);
        assertRefused("where the weights are", Kind.CODEBOOK, "", "", "layers.0.places", data -> filled(data, 0xFF));
        assertRefused("lack a number layers.0.alive", Kind.HALF, "layers.0.alive", "many", "", same);
        assertRefused("1 to 8 bits, not 11", Kind.HALF, "layers.0.gap_bits", "11", "", same);
        assertRefused("store is sparse", Kind.HALF, "layers.0.store", "sparse", "", same);
        assertRefused("2 to 16 bits, not 40", Kind.LINEAR, "layers.0.bits", "40", "", same);
        assertRefused("positive step", Kind.LINEAR, "", "", "layers.1.step", data -> filled(data, 0));
        assertRefused("0 codes", Kind.CODEBOOK, "", "", "layers.1.codebook", data -> new byte[0]);
        assertRefused("ends too early", Kind.CODEBOOK, "", "", "layers.1.codes", data -> Arrays.copyOf(data, 3));
        assertRefused(
                "after its end", Kind.CODEBOOK, "", "", "layers.1.codes", data -> Arrays.copyOf(data, data.length + 1));
        assertRefused("no tensor layers.1.weight", Kind.CODEBOOK, "layers.1.store", "half", "", same);
    }

    @Test
    void aDamagedHuffmanTable() {
        // So skewed that the code pays for its table.
        byte[] all = new byte[17 * 23];
        Arrays.fill(all, (byte) 1);
        int[] entries = new int[all.length];
        entries[5] = 3;
        entries[100] = 2;
        entries[200] = 1;
        byte[] ones = {1, 1, 1, 1};
        LayerParameters skewed = new LayerParameters(
                17,
                23,
                new StoreSpec.Codebook(4, new Assignment(all, entries)),
                new float[] {1, 2, 3, 4},
                ones,
                new float[17]);
        Parameters parameters = new Parameters(
                List.of(skewed, Kind.CODEBOOK.parameters().layers().get(1)));
        byte[] bytes = ModelFile.bytes(SPEC, parameters);
        assertSame(parameters, ModelFile.parse(SPEC, bytes, "m"));
        SafeTensors file = SafeTensors.parse(bytes, "m");
        SafeTensors.Entry table = file.entries().stream()
                .filter(entry -> entry.name().equals("layers.0.codes_lengths"))
                .findFirst()
                .orElseThrow();
        assertArrayEquals(new byte[] {1, 2, 3, 3}, sorted(table.data()));
        for (byte[] wrong : new byte[][] {{1, 1, 1, 1}, {1, 3, 3, 0}, {1, 2, 3, 49}}) {
            TreeMap<String, String> metadata = new TreeMap<>(file.metadata());
            metadata.remove("crc32");
            List<SafeTensors.Entry> changed = file.entries().stream()
                    .map(entry -> entry == table ? SafeTensors.Entry.of(entry.name(), wrong, 4) : entry)
                    .toList();
            CRC32 sum = new CRC32();
            sum.update(new SafeTensors(metadata, changed).toBytes());
            metadata.put("crc32", String.format("%08x", sum.getValue()));
            DataException e = assertThrows(
                    DataException.class,
                    () -> ModelFile.parse(SPEC, new SafeTensors(metadata, changed).toBytes(), "m"));
            assertTrue(e.getMessage().contains("a Huffman table"), e.getMessage());
        }
    }

    private static byte[] sorted(byte[] lengths) {
        byte[] ascending = lengths.clone();
        Arrays.sort(ascending);
        return ascending;
    }

    @Test
    void numbersThatTheBitsCannotSayAreNotWritten() {
        LayerParameters half = Kind.HALF.parameters().layers().get(1);
        float[] weight = half.weight().clone();
        weight[3] = 0.1f;
        LayerParameters wrong = new LayerParameters(5, 17, half.store(), weight, half.mask(), half.bias());
        assertThrows(IllegalStateException.class, () -> ModelFile.packedBytes(wrong));
        assertThrows(
                IllegalArgumentException.class,
                () -> new StoreSpec.Codebook(2, new Assignment(new byte[] {1, 1}, new int[] {0, 2})));
        assertThrows(IllegalArgumentException.class, () -> new Assignment(new byte[] {1, 0}, new int[] {0, 0}));
        StoreSpec small = new StoreSpec.Codebook(2, new Assignment(new byte[] {1, 1}, new int[] {0, 1}));
        assertThrows(
                IllegalArgumentException.class,
                () -> new LayerParameters(5, 17, small, new float[2], new byte[] {1, 1}, new float[5]));
    }
}
