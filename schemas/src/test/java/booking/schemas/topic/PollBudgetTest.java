package booking.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** A poll brings what fits into memory, and one record at least. */
class PollBudgetTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final long MOST_BYTES = 8L * MEBIBYTE;

    private final PollBudget budget = new PollBudget(MOST_BYTES);

    @Test
    void aPollEndsWhenItHasBroughtEnoughAndTheNextGoesOn() {
        int records = 0;
        while (records < 100 && canRead(new byte[MEBIBYTE])) {
            records++;
        }

        assertThat(records).isEqualTo(MOST_BYTES / MEBIBYTE);
        budget.renew();
        assertThat(canRead(new byte[MEBIBYTE])).isTrue();
    }

    @Test
    void aRecordLargerThanAllComesByItself() {
        byte[] large = new byte[(int) MOST_BYTES + 1];

        assertThat(canRead(large)).isTrue();
        assertThat(canRead(new byte[0])).isFalse();
        budget.renew();
        assertThat(canRead(new byte[0])).isTrue();
        assertThat(canRead(large)).isTrue();
    }

    @Test
    void keyAndValueOfARecordComeTogether() {
        RecordHeaders headers = new RecordHeaders();
        byte[] key = new byte[(int) MOST_BYTES + 1];

        assertThat(budget.deserialize("topic", headers, ByteBuffer.wrap(key))).isEqualTo(key);
        assertThat(budget.deserialize("topic", headers, ByteBuffer.wrap(new byte[] {7})))
                .containsExactly(7);
    }

    @Test
    void headersCountToo() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("large", new byte[(int) MOST_BYTES]);
        budget.deserialize("topic", headers, ByteBuffer.wrap(new byte[1]));

        assertThatThrownBy(() -> budget.deserialize("topic", new RecordHeaders(), ByteBuffer.wrap(new byte[1])))
                .isInstanceOf(SerializationException.class);
    }

    private boolean canRead(byte[] value) {
        try {
            return Arrays.equals(budget.deserialize("topic", new RecordHeaders(), ByteBuffer.wrap(value)), value);
        } catch (SerializationException e) {
            return false;
        }
    }
}
