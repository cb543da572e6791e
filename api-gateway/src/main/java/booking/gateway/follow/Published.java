package booking.gateway.follow;

import booking.schemas.topic.HeaderNames;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record of one of the topics that are followed, unread but for its key and headers.
 *
 * @param kind which topic it is from
 * @param partition of that topic
 * @param offset in that partition
 * @param eventId the key
 * @param id what the header {@code ce_id} says, of a result the command answered; empty when the header is missing
 * @param source what the header {@code ce_source} says, of a result the record answered,
 *     {@code /<commands topic>/<partition>/<offset>}; empty when the header is missing
 * @param value JSON
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and too many to wrap
public record Published(Kind kind, int partition, long offset, String eventId, String id, String source, byte[] value) {
    private static final byte[] NOTHING = {};

    /** What a record tells. */
    public enum Kind {
        /** How a command was decided. */
        RESULT,
        /** What an event looks like now. */
        AVAILABILITY
    }

    static Published of(Kind kind, ConsumerRecord<byte[], byte[]> record) {
        return new Published(
                kind,
                record.partition(),
                record.offset(),
                utf8(record.key()),
                header(record, HeaderNames.ID),
                header(record, HeaderNames.SOURCE),
                record.value() == null ? NOTHING : record.value());
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return utf8(header == null || header.value() == null ? NOTHING : header.value());
    }

    private static String utf8(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }
}
