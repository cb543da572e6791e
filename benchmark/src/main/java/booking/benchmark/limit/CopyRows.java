package booking.benchmark.limit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.postgresql.PGConnection;

/**
 * Rows in the binary form of {@code COPY}, the quickest way into a table.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, "Binary Format"</a>
 */
final class CopyRows {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    private final DataOutputStream out = new DataOutputStream(bytes);
    private int rows;

    CopyRows() throws IOException {
        out.write(SIGNATURE);
        out.writeInt(0);
        out.writeInt(0);
    }

    CopyRows row(int columns) throws IOException {
        rows++;
        out.writeShort(columns);
        return this;
    }

    CopyRows add(UUID value) throws IOException {
        out.writeInt(2 * Long.BYTES);
        out.writeLong(value.getMostSignificantBits());
        out.writeLong(value.getLeastSignificantBits());
        return this;
    }

    CopyRows add(byte[] value) throws IOException {
        out.writeInt(value.length);
        out.write(value);
        return this;
    }

    CopyRows add(String value) throws IOException {
        return add(value.getBytes(StandardCharsets.UTF_8));
    }

    CopyRows add(int value) throws IOException {
        out.writeInt(Integer.BYTES);
        out.writeInt(value);
        return this;
    }

    CopyRows add(boolean value) throws IOException {
        out.writeInt(1);
        out.writeBoolean(value);
        return this;
    }

    CopyRows addTime(long millis) throws IOException {
        out.writeInt(Long.BYTES);
        out.writeLong(millis * 1000 - EPOCH_MICROS);
        return this;
    }

    void copy(Connection connection, String sql) throws IOException, SQLException {
        if (rows == 0) {
            return;
        }
        out.writeShort(-1);
        byte[] all = bytes.toByteArray();
        long copied = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(sql, new ByteArrayInputStream(all), all.length);
        if (copied != rows) {
            throw new IllegalStateException("copied " + copied + " of " + rows + " rows");
        }
    }
}
