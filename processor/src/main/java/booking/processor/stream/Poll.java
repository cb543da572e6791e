package booking.processor.stream;

import booking.processor.desk.BatchAnswers;
import booking.processor.desk.CommandBatch;
import booking.processor.desk.Desk;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that one poll of the consumer brought. Used by one stream thread only. */
final class Poll {
    private final List<CommandBatch> batches;
    private final boolean caughtUp;
    private final Instant arrivedAt = Instant.now();
    private @Nullable Map<Integer, BatchAnswers> answers;

    /** @param caughtUp whether the brokers had no more than this */
    Poll(List<CommandBatch> batches, boolean caughtUp) {
        this.batches = batches;
        this.caughtUp = caughtUp;
    }

    boolean isCaughtUp() {
        return caughtUp;
    }

    /** When it came from the brokers. */
    Instant arrivedAt() {
        return arrivedAt;
    }

    /** The records that came from this partition. */
    CommandBatch batch(int partition) {
        return batches.stream()
                .filter(batch -> batch.partition() == partition)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nothing was polled from partition " + partition));
    }

    /** The answers to the records of this partition. The first partition to ask has the desk decide the whole poll. */
    BatchAnswers answers(int partition, Desk desk) {
        if (answers == null) {
            answers = desk.decide(batches);
        }
        return Optional.ofNullable(answers.get(partition))
                .orElseThrow(() -> new IllegalStateException("no answers for partition " + partition));
    }
}
