package booking.processor.stream;

import booking.processor.desk.CommandBatch;
import booking.schemas.topic.PollBudget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;

/**
 * A consumer whose polls give one record for each partition, which stands for all that came from it. Kafka Streams
 * counts a record as processed when {@code process()} returns; so the batch is processed, and committed, as a whole.
 */
final class BatchingConsumer extends KafkaConsumer<byte[], byte[]> {
    /** More than the fullest batch of honest commands has, and little beside a small heap. */
    static final long MOST_POLL_BYTES = 16L * 1024 * 1024;

    private static final byte[] NOTHING = new byte[0];

    private final Duration pause;
    private final PollClock clock;
    private final PollBudget budget;
    private long lastPollNanos = System.nanoTime();

    /**
     * Makes one; nothing is asked for yet.
     *
     * @param pause the least time between two polls, so that a small load gathers instead of making tiny batches
     * @param clock is told of each poll
     */
    BatchingConsumer(Map<String, Object> settings, Duration pause, PollClock clock) {
        this(settings, pause, clock, new PollBudget(MOST_POLL_BYTES));
    }

    private BatchingConsumer(Map<String, Object> settings, Duration pause, PollClock clock, PollBudget budget) {
        super(settings, budget, budget);
        this.pause = pause;
        this.clock = clock;
        this.budget = budget;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        long early = pause.toNanos() - (System.nanoTime() - lastPollNanos);
        if (early > 0) {
            LockSupport.parkNanos(early);
        }
        // What Kafka Streams does when partitions come and go is done in here, too, and may hang.
        clock.tick();
        budget.renew();
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        clock.tick();
        lastPollNanos = System.nanoTime();
        return records.isEmpty() ? records : batched(records);
    }

    ConsumerRecords<byte[], byte[]> batched(ConsumerRecords<byte[], byte[]> records) {
        List<CommandBatch> batches = new ArrayList<>();
        boolean caughtUp = true;
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
            batches.add(new CommandBatch(partition.partition(), batch, nextOffset(records, partition, batch)));
            caughtUp &= currentLag(partition).orElse(0) == 0;
        }
        PollHeaders headers = new PollHeaders(new Poll(batches, caughtUp));
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> stands = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            stands.put(partition, List.of(standIn(records.records(partition), headers)));
        }
        return new ConsumerRecords<>(stands, records.nextOffsets());
    }

    private static long nextOffset(
            ConsumerRecords<byte[], byte[]> records,
            TopicPartition partition,
            List<ConsumerRecord<byte[], byte[]>> batch) {
        OffsetAndMetadata next = records.nextOffsets().get(partition);
        long afterLast = last(batch).offset() + 1;
        // Behind the last record there may be markers of transactions, which nobody sees.
        return next == null ? afterLast : Math.max(afterLast, next.offset());
    }

    private static ConsumerRecord<byte[], byte[]> standIn(
            List<ConsumerRecord<byte[], byte[]>> batch, PollHeaders headers) {
        ConsumerRecord<byte[], byte[]> first = batch.get(0);
        return new ConsumerRecord<>(
                first.topic(),
                first.partition(),
                // Streams commits the offset of a record that still waits in its queue, as when it is told to stop just
                // after a poll: all of the batch must come again then. Once processed, nextOffsets count.
                first.offset(),
                // A record without a time says -1, which Streams would drop.
                Math.max(0, first.timestamp()),
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                NOTHING,
                NOTHING,
                headers,
                Optional.empty());
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }
}
