package booking.processor.stream;

import booking.schemas.command.Decoded;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Makes dead letters: the original key, value and headers, and why and from where they are here. */
final class DeadLetters {
    // The names that Kafka Streams gives the headers of its own dead letters (KIP-1034).
    private static final String ERRORS = "__streams.errors.";

    // Brokers limit records after compression, so one can be larger than any that we may write. A part longer than
    // this is cut, and a header says so; the whole stays in the commands topic for as long as that keeps it.
    private static final int LONGEST_PART_BYTES = 1024 * 1024;

    // The lengths of its name and of its value: a million empty headers are megabytes, too.
    private static final int MOST_BYTES_AROUND_A_HEADER = 10;

    private DeadLetters() {}

    static Record<byte[], byte[]> of(ConsumerRecord<byte[], byte[]> record, Decoded.DeadLetter why) {
        RecordHeaders headers = new RecordHeaders();
        if (bytes(record.headers()) <= LONGEST_PART_BYTES) {
            for (Header header : record.headers()) {
                if (!header.key().startsWith(ERRORS)) {
                    headers.add(header);
                }
            }
        } else {
            headers.add(ERRORS + "cut", utf8("headers"));
        }
        headers.add(ERRORS + "exception", utf8(why.cause().name()));
        headers.add(ERRORS + "message", utf8(why.detail()));
        headers.add(ERRORS + "topic", utf8(record.topic()));
        headers.add(ERRORS + "partition", utf8(Integer.toString(record.partition())));
        headers.add(ERRORS + "offset", utf8(Long.toString(record.offset())));
        return new Record<>(
                cut(record.key(), "key", headers),
                cut(record.value(), "value", headers),
                Math.max(0, record.timestamp()),
                headers);
    }

    private static byte @Nullable [] cut(byte @Nullable [] part, String name, Headers headers) {
        if (part == null || part.length <= LONGEST_PART_BYTES) {
            return part;
        }
        headers.add(ERRORS + "cut", utf8(name + " of " + part.length + " bytes"));
        return Arrays.copyOf(part, LONGEST_PART_BYTES);
    }

    private static long bytes(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            bytes += MOST_BYTES_AROUND_A_HEADER
                    + utf8(header.key()).length
                    + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
