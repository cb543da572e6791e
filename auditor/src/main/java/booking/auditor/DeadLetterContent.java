package booking.auditor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a dead letter has of its record: the key, the value and the headers, and what it says to have cut. Each of the three is
 * there as it came, but for what is longer than a mebibyte: of a key or a value of that length the first mebibyte may be
 * left, of headers none.
 */
final class DeadLetterContent {
    /** What the names of the headers begin with that say why it is one (KIP-1034); a record's own are not passed on. */
    static final String ERRORS = "__streams.errors.";

    private static final String CUT = ERRORS + "cut";
    private static final int LONGEST_PART_BYTES = 1024 * 1024;
    // The lengths of its name and of its value.
    private static final int MOST_BYTES_AROUND_A_HEADER = 10;
    private static final int NO_BYTES = -1;

    private DeadLetterContent() {}

    /** Of this dead letter. */
    static Digest of(ConsumerRecord<byte[], byte[]> letter) {
        List<String> cuts = new ArrayList<>();
        for (Header cut : letter.headers().headers(CUT)) {
            cuts.add(cut.value() == null ? "" : new String(cut.value(), StandardCharsets.UTF_8));
        }
        return digest(letter.key(), letter.value(), ownOf(letter.headers()), cuts);
    }

    /** Those that are right for this record. */
    static Set<Digest> allowedFor(ConsumerRecord<byte[], byte[]> record) {
        List<Header> headers = ownOf(record.headers());
        Digest whole = digest(record.key(), record.value(), headers, List.of());
        List<String> cuts = new ArrayList<>();
        if (bytesOf(record.headers()) > LONGEST_PART_BYTES) {
            cuts.add("headers");
            headers = List.of();
        }
        byte[] key = beginningOf("key", record.key(), cuts);
        byte[] value = beginningOf("value", record.value(), cuts);
        return cuts.isEmpty() ? Set.of(whole) : Set.of(whole, digest(key, value, headers, cuts));
    }

    private static byte @Nullable [] beginningOf(String name, byte @Nullable [] part, List<String> cuts) {
        if (part == null || part.length <= LONGEST_PART_BYTES) {
            return part;
        }
        cuts.add(name + " of " + part.length + " bytes");
        return Arrays.copyOf(part, LONGEST_PART_BYTES);
    }

    private static List<Header> ownOf(Headers headers) {
        List<Header> own = new ArrayList<>();
        for (Header header : headers) {
            if (!header.key().startsWith(ERRORS)) {
                own.add(header);
            }
        }
        return own;
    }

    private static long bytesOf(Headers headers) {
        long bytes = 0;
        for (Header header : headers) {
            bytes += MOST_BYTES_AROUND_A_HEADER
                    + header.key().getBytes(StandardCharsets.UTF_8).length
                    + (header.value() == null ? 0 : header.value().length);
        }
        return bytes;
    }

    private static Digest digest(
            byte @Nullable [] key, byte @Nullable [] value, List<Header> headers, List<String> cuts) {
        MessageDigest digest = Digest.sha256();
        update(digest, key);
        update(digest, value);
        update(digest, headers.size());
        for (Header header : headers) {
            update(digest, header.key().getBytes(StandardCharsets.UTF_8));
            update(digest, header.value());
        }
        cuts.forEach(cut -> update(digest, cut.getBytes(StandardCharsets.UTF_8)));
        return Digest.of(ByteBuffer.wrap(digest.digest()));
    }

    /** With its length, so that nothing can move from one part to the next. */
    private static void update(MessageDigest digest, byte @Nullable [] bytes) {
        update(digest, bytes == null ? NO_BYTES : bytes.length);
        if (bytes != null) {
            digest.update(bytes);
        }
    }

    private static void update(MessageDigest digest, int number) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }
}
