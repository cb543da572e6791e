package booking.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A dead letter has all of its record, but for what is longer than a mebibyte. */
class DeadLetterContentTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final byte[] KEY = {1};
    private static final byte[] SMALL = {'n', 'o'};
    private static final byte[] LARGE = new byte[MEBIBYTE + 1];

    @Test
    void whatIsNotTooLargeIsThereAsItCame() {
        assertThat(isRight(record(KEY, SMALL), record(KEY, SMALL))).isTrue();
        assertThat(isRight(record(null, null), record(null, null))).isTrue();

        assertThat(isRight(record(KEY, SMALL), record(KEY, new byte[] {'n'}))).isFalse();
        assertThat(isRight(record(KEY, SMALL), record(KEY, null))).isFalse();
        assertThat(isRight(record(KEY, SMALL), record(null, SMALL))).isFalse();
        assertThat(isRight(record(KEY, SMALL), record(new byte[0], new byte[] {1, 'n', 'o'})))
                .isFalse();
        assertThat(isRight(record(KEY, SMALL, "own"), record(KEY, SMALL))).isFalse();
    }

    @Test
    void aValueThatIsTooLargeMayBeCutToItsFirstMebibyte() {
        ConsumerRecord<byte[], byte[]> large = record(KEY, LARGE);
        String cut = "__streams.errors.cut=value of " + LARGE.length + " bytes";

        assertThat(isRight(large, record(KEY, new byte[MEBIBYTE], cut))).isTrue();
        assertThat(isRight(large, record(KEY, LARGE))).isTrue();

        assertThat(isRight(large, record(KEY, new byte[MEBIBYTE]))).isFalse();
        assertThat(isRight(large, record(KEY, new byte[MEBIBYTE - 1], cut))).isFalse();
        assertThat(isRight(large, record(KEY, new byte[0], cut))).isFalse();
        byte[] other = new byte[MEBIBYTE];
        Arrays.fill(other, (byte) 'x');
        assertThat(isRight(large, record(KEY, other, cut))).isFalse();
        assertThat(isRight(large, record(KEY, new byte[MEBIBYTE], "__streams.errors.cut=value of 2 bytes")))
                .isFalse();
    }

    @Test
    void whatIsNotTooLargeIsNotCutWhateverItSays() {
        for (String cut : new String[] {"headers", "key of 1 bytes", "value of 2 bytes", "value of 2000000 bytes"}) {
            assertThat(isRight(record(KEY, SMALL), record(KEY, SMALL, "__streams.errors.cut=" + cut)))
                    .as(cut)
                    .isFalse();
        }
    }

    @Test
    void headersThatAreTooLargeMayBeLeftOut() {
        ConsumerRecord<byte[], byte[]> many = record(KEY, SMALL, "own=" + "x".repeat(MEBIBYTE));

        assertThat(isRight(many, record(KEY, SMALL, "__streams.errors.cut=headers")))
                .isTrue();
        assertThat(isRight(many, record(KEY, SMALL))).isFalse();
        assertThat(isRight(record(KEY, SMALL, "own=x"), record(KEY, SMALL, "__streams.errors.cut=headers")))
                .isFalse();
    }

    @Test
    void aForgedReasonIsNotPassedOn() {
        assertThat(isRight(
                        record(KEY, SMALL, "__streams.errors.topic=other"),
                        record(KEY, SMALL, "__streams.errors.topic=commands")))
                .isTrue();
    }

    private static boolean isRight(ConsumerRecord<byte[], byte[]> record, ConsumerRecord<byte[], byte[]> letter) {
        return DeadLetterContent.allowedFor(record).contains(DeadLetterContent.of(letter));
    }

    private static ConsumerRecord<byte[], byte[]> record(
            byte @Nullable [] key, byte @Nullable [] value, String... headers) {
        RecordHeaders all = new RecordHeaders();
        for (String header : headers) {
            int end = Math.max(header.indexOf('='), 0);
            String name = end == 0 ? header : header.substring(0, end);
            all.add(name, header.substring(end == 0 ? 0 : end + 1).getBytes(StandardCharsets.UTF_8));
        }
        return new ConsumerRecord<>(
                "topic", 0, 0, 0, TimestampType.LOG_APPEND_TIME, 0, 0, key, value, all, Optional.empty());
    }
}
