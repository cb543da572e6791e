package booking.processor.store;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/**
 * Writes outcomes in the binary form of {@code COPY}: there is one for every command, and so PostgreSQL takes them in
 * for two thirds of what {@code INSERT} costs.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, "Binary Format"</a>
 */
final class OutcomeRows {
    static final String COPY = "COPY outcomes (command_id, fingerprint, decided_at, result) FROM STDIN (FORMAT binary)";

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int NO_FLAGS = 0;
    private static final int NO_EXTENSION = 0;
    private static final short COLUMNS = 4;
    private static final short END = -1;
    private static final int TYPICAL_ROW = 640;

    /** Where PostgreSQL's time begins. */
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private OutcomeRows() {}

    static byte[] of(Map<UUID, StoredOutcome> outcomes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(outcomes.size() * TYPICAL_ROW);
        try (DataOutputStream rows = new DataOutputStream(bytes)) {
            rows.write(SIGNATURE);
            rows.writeInt(NO_FLAGS);
            rows.writeInt(NO_EXTENSION);
            for (Map.Entry<UUID, StoredOutcome> outcome : outcomes.entrySet()) {
                rows.writeShort(COLUMNS);
                write(rows, outcome.getKey());
                write(rows, outcome.getValue().fingerprint().toBytes());
                write(rows, outcome.getValue().decidedAt());
                write(rows, outcome.getValue().result().getBytes(StandardCharsets.UTF_8));
            }
            rows.writeShort(END);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream rows, UUID value) throws IOException {
        rows.writeInt(2 * Long.BYTES);
        rows.writeLong(value.getMostSignificantBits());
        rows.writeLong(value.getLeastSignificantBits());
    }

    private static void write(DataOutputStream rows, Instant value) throws IOException {
        rows.writeInt(Long.BYTES);
        rows.writeLong(ChronoUnit.MICROS.between(EPOCH, value));
    }

    private static void write(DataOutputStream rows, byte[] value) throws IOException {
        rows.writeInt(value.length);
        rows.write(value);
    }
}
