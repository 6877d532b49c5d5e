package io.espalier.experiments.export;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A file of TensorBoard's events: records of a length, its checksum, a message, its checksum (TFRecord). Field numbers are those of
 * TensorFlow's event.proto and summary.proto.
 */
final class EventFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final double seconds;

    /** @param seconds since 1970, which every event is said to be from: runs write down no times of day */
    EventFile(double seconds) {
        this.seconds = seconds;
        record(new Protobuf().real(1, seconds).text(3, "brain.Event:2"));
    }

    /** A number at a step. */
    void scalar(String tag, long step, float value) {
        Protobuf summary = new Protobuf().message(1, new Protobuf().text(1, tag).real(2, value));
        record(new Protobuf().real(1, seconds).integer(2, step).message(5, summary));
    }

    private void record(Protobuf event) {
        byte[] message = event.toBytes();
        byte[] length = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(message.length)
                .array();
        bytes.writeBytes(length);
        bytes.writeBytes(checksum(length));
        bytes.writeBytes(message);
        bytes.writeBytes(checksum(message));
    }

    /** CRC-32C, turned by 15 bits, plus a constant: as TFRecord masks it. */
    private static byte[] checksum(byte[] of) {
        CRC32C crc = new CRC32C();
        crc.update(of);
        int masked = Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(masked)
                .array();
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }
}
