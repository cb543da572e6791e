package booking.auditor;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * How much one poll may bring, once it is unpacked. Kafka limits a poll by the number of its records, and by their bytes as they
 * were sent: compressed, hundreds of megabytes fit into one request. What a consumer cannot read ends its poll and is tried
 * again by the next, so a record beyond the budget is one that cannot be read yet. The first of a poll always can. Used by one
 * thread.
 */
final class PollBudget extends ByteArrayDeserializer {
    /** About four thousand results, and little beside a small heap. */
    static final long MOST_BYTES = 8L * 1024 * 1024;

    /** About what a header takes in memory, besides its bytes. */
    private static final int HEADER_BYTES = 100;

    private static final byte[] NOTHING = {};

    private long bytes;
    private @Nullable Headers current;

    /** A poll begins. */
    void renew() {
        bytes = 0;
        current = null;
    }

    /** Reads the key or the value of a record; what is not there at all is not read. */
    @Override
    public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
        // Key and value of a record come with the same headers.
        if (headers != current) {
            if (bytes >= MOST_BYTES) {
                throw new SerializationException("this poll has brought " + bytes + " bytes; the rest is for the next");
            }
            current = headers;
            for (Header header : headers) {
                bytes += HEADER_BYTES + header.key().length() + (header.value() == null ? 0 : header.value().length);
            }
        }
        bytes += data.remaining();
        byte[] read = super.deserialize(topic, headers, data);
        return read == null ? NOTHING : read;
    }
}
