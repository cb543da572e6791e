package booking.processor.stream;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * What one poll may bring, in bytes. Kafka limits the records of a poll by their number, and their bytes only as they were
 * sent: compressed, a thousand records of a megabyte each fit into one request. A consumer that cannot read a record
 * gives those before it, and tries the same record again at its next poll; so a record beyond the budget is one that cannot
 * be read just now. The first of a poll can always be read, however long it is. Used by one thread.
 */
final class PollBudget {
    /** More than the fullest batch of honest commands has, and little beside a small heap. */
    static final long MOST_BYTES = 16L * 1024 * 1024;

    /** About what a header takes in memory, besides its bytes. */
    private static final int HEADER_BYTES = 100;

    private static final byte[] NOTHING = new byte[0];

    private long bytes;
    private @Nullable Headers current;

    /** A poll begins. */
    void renew() {
        bytes = 0;
        current = null;
    }

    /** For keys and values alike, which are read one after the other, record by record. */
    ByteArrayDeserializer deserializer() {
        return new ByteArrayDeserializer() {
            @Override
            public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
                take(headers, data.remaining());
                byte[] read = super.deserialize(topic, headers, data);
                // Null stands for what is not there, and this is not asked about that.
                return read == null ? NOTHING : read;
            }
        };
    }

    /** Key and value of one record come with the same headers. */
    private void take(Headers headers, int length) {
        if (headers != current) {
            if (bytes > MOST_BYTES) {
                throw new SerializationException(
                        "this poll has brought " + bytes + " bytes; the rest waits for the next");
            }
            current = headers;
            for (Header header : headers) {
                bytes += HEADER_BYTES + header.key().length() + (header.value() == null ? 0 : header.value().length);
            }
        }
        bytes += length;
    }
}
