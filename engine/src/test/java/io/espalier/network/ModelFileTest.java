package io.espalier.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.espalier.backend.Activation;
import io.espalier.backend.WeightHash;
import io.espalier.data.DataException;
import io.espalier.network.Parameters.LayerParameters;
import io.espalier.random.Seed;
import io.espalier.random.Stream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
    private static final NetworkSpec SPEC =
            new NetworkSpec(List.of(3, 4, 2), Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);

    @TempDir
    private Path folder;

    private static Parameters parameters() {
        Parameters dense = Parameters.initial(SPEC, new Seed(1), Stream.INITIAL_WEIGHTS, 0);
        LayerParameters first = dense.layers().get(0);
        byte[] mask = first.mask().clone();
        mask[2] = 0;
        LayerParameters pruned = new LayerParameters(4, 3, first.weight(), mask, first.bias())
                .withValues(first.weight(), new float[] {1, 2, 3, 4});
        return new Parameters(List.of(pruned, dense.layers().get(1)));
    }

    @Test
    void roundTrip() throws IOException {
        Path file = Files.write(folder.resolve("m.safetensors"), ModelFile.bytes(SPEC, parameters()));
        Parameters read = ModelFile.read(SPEC, file);
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(
                    parameters().layers().get(i).weight(), read.layers().get(i).weight());
            assertArrayEquals(
                    parameters().layers().get(i).mask(), read.layers().get(i).mask());
            assertArrayEquals(
                    parameters().layers().get(i).bias(), read.layers().get(i).bias());
        }
        assertArrayEquals(
                ModelFile.bytes(SPEC, parameters()), ModelFile.bytes(SPEC, read), "equal models, equal files");
    }

    @Test
    void headerIsAsTheFormatSays() {
        byte[] bytes = ModelFile.bytes(SPEC, parameters());
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        assertEquals(0, length % 8);
        String header = new String(bytes, 8, (int) length, StandardCharsets.UTF_8);
        assertTrue(
                header.contains("\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[4,3],\"data_offsets\":[0,48]}"),
                header);
        assertTrue(
                header.contains("\"layers.0.mask\":{\"dtype\":\"U8\",\"shape\":[4,3],\"data_offsets\":[48,60]}"),
                header);
    }

    private static Parameters compact() {
        Storage storage = new Storage(List.of(
                new StoreSpec.Hashed(WeightHash.Mode.PAPER, 1691, 5, 2), new StoreSpec.LowRank(3, -9_876_543_210L)));
        return Parameters.initial(SPEC, storage, new Seed(1), Stream.INITIAL_WEIGHTS, 0);
    }

    @Test
    void compactRoundTrip() throws IOException {
        byte[] bytes = ModelFile.bytes(SPEC, compact());
        Parameters read = ModelFile.read(SPEC, Files.write(folder.resolve("m.safetensors"), bytes));
        assertEquals(compact().storage(), read.storage());
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(
                    compact().layers().get(i).weight(), read.layers().get(i).weight());
            assertArrayEquals(
                    compact().layers().get(i).bias(), read.layers().get(i).bias());
        }
        assertArrayEquals(bytes, ModelFile.bytes(SPEC, read), "equal models, equal files");
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String part : List.of(
                "\"layers.0.buckets\":{\"dtype\":\"F32\",\"shape\":[5],\"data_offsets\":[0,20]}",
                "\"layers.0.bias_buckets\":{\"dtype\":\"F32\",\"shape\":[2]",
                "\"layers.0.k\":\"5\"",
                "\"layers.0.mode\":\"paper\"",
                "\"layers.0.seed\":\"1691\"",
                "\"layers.0.store\":\"hashed\"",
                "\"layers.1.factor\":{\"dtype\":\"F32\",\"shape\":[3,2]",
                "\"layers.1.rank\":\"3\"",
                "\"layers.1.seed\":\"-9876543210\"")) {
            assertTrue(text.contains(part), part + " in " + text);
        }
    }

    @Test
    void damagedMetadata() throws IOException {
        String text = new String(ModelFile.bytes(SPEC, compact()), StandardCharsets.ISO_8859_1);
        for (String[] change : new String[][] {
            {"\"layers.0.k\":\"5\"", "\"layers.0.k\":\"6\""},
            {"\"layers.0.k\":\"5\"", "\"layers.0.k\":\"-\""},
            {"\"layers.0.k\":\"5\"", "\"layers.0.x\":\"5\""},
            {"\"layers.0.mode\":\"paper\"", "\"layers.0.mode\":\"maker\""},
            {"\"layers.0.store\":\"hashed\"", "\"layers.0.store\":\"sashed\""},
            {"\"layers.0.store\":\"hashed\"", "\"layers.0.stare\":\"hashed\""},
            {"\"layers.1.rank\":\"3\"", "\"layers.1.rank\":\"2\""}
        }) {
            assertTrue(text.contains(change[0]));
            assertRefused(text.replace(change[0], change[1]).getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private void assertRefused(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("broken.safetensors"), bytes);
        DataException e = assertThrows(DataException.class, () -> ModelFile.read(SPEC, file));
        assertTrue(e.getMessage().contains("broken.safetensors"), e.getMessage());
    }

    @Test
    void truncatedAtEveryLength() throws IOException {
        byte[] whole = ModelFile.bytes(SPEC, parameters());
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length));
        }
        assertRefused(Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void lyingHeaders() throws IOException {
        assertRefused(file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1000000,1000000],\"data_offsets\":[0,4]}}", 4));
        assertRefused(file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}", 4));
        assertRefused(file("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8));
        assertRefused(file("{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"a\":{}}", 4));
        assertRefused(file("[]", 0));
        byte[] huge = file("{}", 0);
        Arrays.fill(huge, 0, 8, (byte) 0x7F);
        assertRefused(huge);
    }

    private static byte[] file(String header, int data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .array();
    }

    @Test
    void modelsOfOtherNetworks() throws IOException {
        Path file = Files.write(folder.resolve("m.safetensors"), ModelFile.bytes(SPEC, parameters()));
        for (List<Integer> sizes : List.of(List.of(3, 4, 3), List.of(3, 4), List.of(3, 4, 2, 2))) {
            NetworkSpec other =
                    new NetworkSpec(sizes, Activation.RELU, Activation.LINEAR, Loss.SOFTMAX, Initialization.HE);
            assertThrows(DataException.class, () -> ModelFile.read(other, file));
        }
    }

    @Test
    void weightsUnderTheMaskMustBeZero() throws IOException {
        LayerParameters first = parameters().layers().get(0);
        float[] weight = first.weight().clone();
        weight[2] = 1;
        LayerParameters wrong = new LayerParameters(4, 3, weight, first.mask(), first.bias());
        assertRefused(ModelFile.bytes(
                SPEC, new Parameters(List.of(wrong, parameters().layers().get(1)))));
    }
}
