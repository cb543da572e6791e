package booking.schemas.topic;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * What one poll may bring, in bytes; the deserializer of a consumer's keys and values alike. Kafka limits the records of a poll
 * by their number, and their bytes only as they were sent: compressed, a thousand records of a megabyte each fit into one
 * request. A consumer that cannot read a record gives those before it, and tries the same record again at its next poll; so a
 * record beyond the budget is one that cannot be read just now. The first of a poll can always be read, however long it is.
 * Used by one thread.
 */
public final class PollBudget extends ByteArrayDeserializer {
    /** About what a header takes in memory, besides its bytes. */
    private static final int HEADER_BYTES = 100;

    private static final byte[] NOTHING = new byte[0];

    private final long mostBytes;
    private long bytes;
    private @Nullable Headers current;

    /** @param mostBytes what a poll may bring, unpacked, before its next record waits */
    public PollBudget(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** A poll begins. */
    public void renew() {
        bytes = 0;
        current = null;
    }

    /** @throws SerializationException when the record has to wait for the next poll */
    @Override
    public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
        // Key and value of a record come with the same headers.
        if (headers != current) {
            if (bytes >= mostBytes) {
                throw new SerializationException(
                        "this poll has brought " + bytes + " bytes; the rest waits for the next");
            }
            current = headers;
            for (Header header : headers) {
                bytes += HEADER_BYTES + header.key().length() + (header.value() == null ? 0 : header.value().length);
            }
        }
        bytes += data.remaining();
        byte[] read = super.deserialize(topic, headers, data);
        // Null stands for what is not there, and this is not asked about that.
        return read == null ? NOTHING : read;
    }
}
