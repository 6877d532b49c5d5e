package io.espalier.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.data.DataException;
import io.espalier.data.Hashes;
import io.espalier.network.HiddenUnits;
import io.espalier.network.ModelFile;
import io.espalier.network.NetworkSpec;
import io.espalier.train.MemberState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A trial under way as bytes: a SHA-256 of the rest, then the length and bytes of a JSON text with counters and rows, of the
 * weights, of the velocities, and of the best weights of the phase (empty if there are none), the last three as model files.
 */
record CheckpointFile(MemberState state, List<TrialResult.Row> rows, long metricsBytes) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int DIGEST_BYTES = 32;
    private static final int PARTS = 4;

    byte[] toBytes(NetworkSpec spec, String backend) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("programCounter", state.programCounter())
                .put("step", state.step())
                .put("scheduleStep", state.scheduleStep())
                .put("trainedSteps", state.trainedSteps())
                .put("examplesSeen", state.examplesSeen())
                .put("steppedSinceEvent", state.steppedSinceEvent())
                .put("evaluated", state.evaluated())
                .put("lossSumBits", Float.floatToRawIntBits(state.lossSum()))
                .put("inheritedEpochs", state.inheritedEpochs())
                .put("trainSeconds", state.trainSeconds())
                .put("lowestValidationLoss", state.lowestValidationLoss())
                .put("earlyStopStep", state.earlyStopStep())
                .put("fewestValidationErrors", state.fewestValidationErrors())
                .put("bestEpochs", state.bestEpochs())
                .put("metricsBytes", metricsBytes);
        state.parameters().sizes().forEach(json.putArray("sizes")::add);
        ArrayNode units = json.putArray("units");
        for (int[] layer : state.units().layers()) {
            Arrays.stream(layer).forEach(units.addArray()::add);
        }
        json.set("result", new TrialResult(TrialResult.DONE, state.step(), 0, 1, backend, null, rows).toJson());
        NetworkSpec shape = spec.withSizes(state.parameters().sizes());
        List<byte[]> parts = List.of(
                json.toString().getBytes(StandardCharsets.UTF_8),
                ModelFile.bytes(shape, state.parameters()),
                ModelFile.bytes(shape, state.parameters().withValues(state.velocities())),
                state.best() == null ? new byte[0] : ModelFile.bytes(shape, state.best()));
        ByteBuffer body = ByteBuffer.allocate(
                parts.stream().mapToInt(part -> Integer.BYTES + part.length).sum());
        parts.forEach(part -> body.putInt(part.length).put(part));
        return ByteBuffer.allocate(DIGEST_BYTES + body.capacity())
                .put(digest(body.array(), 0))
                .put(body.array())
                .array();
    }

    private static byte[] digest(byte[] bytes, int from) {
        MessageDigest digest = Hashes.sha256();
        digest.update(bytes, from, bytes.length - from);
        return digest.digest();
    }

    /**
     * Reads it back.
     *
     * @throws DataException if a single bit is not as it was written
     * @throws RunException if another release wrote it
     */
    static CheckpointFile parse(NetworkSpec spec, byte[] bytes, String name) {
        if (bytes.length < DIGEST_BYTES
                || !Arrays.equals(digest(bytes, DIGEST_BYTES), Arrays.copyOf(bytes, DIGEST_BYTES))) {
            throw new DataException(name + " is damaged: its checksum does not match.");
        }
        try {
            return parseBody(spec, ByteBuffer.wrap(bytes, DIGEST_BYTES, bytes.length - DIGEST_BYTES), name);
        } catch (JsonProcessingException | RuntimeException e) {
            // The checksum holds, so that whatever does not fit was meant so.
            throw new RunException(
                    name
                            + " was written by another release of Espalier. Finish the run with that release, or remove the"
                            + " file to train its trial again.",
                    e);
        }
    }

    private static CheckpointFile parseBody(NetworkSpec spec, ByteBuffer body, String name)
            throws JsonProcessingException {
        List<byte[]> parts = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            int length = body.getInt();
            Objects.checkFromToIndex(0, length, body.remaining());
            byte[] content = new byte[length];
            body.get(content);
            parts.add(content);
        }
        JsonNode json = JSON.readTree(new String(parts.get(0), StandardCharsets.UTF_8));
        NetworkSpec shape =
                spec.withSizes(integers(json.required("sizes")).boxed().toList());
        List<int[]> units = new ArrayList<>();
        json.required("units").forEach(layer -> units.add(integers(layer).toArray()));
        MemberState state = new MemberState(
                json.required("programCounter").asInt(),
                json.required("step").asInt(),
                json.required("scheduleStep").asInt(),
                json.required("trainedSteps").asInt(),
                json.required("examplesSeen").asInt(),
                json.required("steppedSinceEvent").asBoolean(),
                json.path("evaluated").asBoolean(),
                Float.intBitsToFloat(json.required("lossSumBits").asInt()),
                json.required("inheritedEpochs").asDouble(),
                json.required("trainSeconds").asDouble(),
                new HiddenUnits(units),
                ModelFile.parse(shape, parts.get(1), name),
                ModelFile.parse(shape, parts.get(2), name).values(),
                json.required("lowestValidationLoss").asDouble(),
                json.required("earlyStopStep").asInt(),
                json.required("fewestValidationErrors").asInt(),
                parts.get(3).length == 0 ? null : ModelFile.parse(shape, parts.get(3), name),
                json.required("bestEpochs").asDouble());
        return new CheckpointFile(
                state,
                TrialResult.fromJson(json.required("result")).rows(),
                json.required("metricsBytes").asLong());
    }

    private static IntStream integers(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::asInt);
    }
}
