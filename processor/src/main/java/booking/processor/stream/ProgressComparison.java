package booking.processor.stream;

import booking.processor.ProcessorSettings;
import booking.processor.desk.TakeoverCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Compares the progress in the database with the group's offsets, which are committed after it has moved. When it is behind
 * them, the database has lost commits (it was restored, or failed over to a standby that was behind), and places that were
 * promised would be sold again.
 */
public final class ProgressComparison implements TakeoverCheck {
    private static final Duration SCAN_WAIT = Duration.ofSeconds(30);

    private final ProcessorSettings settings;
    private final CommandsTopic topic;

    public ProgressComparison(ProcessorSettings settings, CommandsTopic topic) {
        this.settings = settings;
        this.topic = topic;
    }

    /**
     * Compares the progress of a partition that nobody else can move meanwhile, as its fence is held.
     *
     * @param next the first offset that the database has not decided
     * @throws IllegalStateException when the database is behind, with what to do; or when Kafka does not answer
     */
    @Override
    public void requireNotBehind(int partition, long next) {
        Map<Integer, Long> offsets = new HashMap<>(topic.committedOffsets());
        offsets.keySet().retainAll(Set.of(partition));
        requireNotBehind(offsets, Map.of(partition, next));
    }

    /**
     * Compares.
     *
     * @param offsets for each partition where the group goes on
     * @param progress for each partition the first offset that the database has not decided; nothing stands for 0
     * @throws IllegalStateException when the database is behind, with what to do; or when Kafka does not answer
     */
    void requireNotBehind(Map<Integer, Long> offsets, Map<Integer, Long> progress) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        Map<TopicPartition, Long> decided = new HashMap<>();
        offsets.forEach((partition, offset) -> {
            long next = progress.getOrDefault(partition, 0L);
            if (offset > next) {
                committed.put(new TopicPartition(topic.name(), partition), offset);
                decided.put(new TopicPartition(topic.name(), partition), next);
            }
        });
        if (committed.isEmpty()) {
            return;
        }
        // Between the two there may be nothing but markers of transactions, which are no commands.
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(committed.keySet());
            Map<TopicPartition, Long> oldest = consumer.beginningOffsets(committed.keySet(), SCAN_WAIT);
            decided.forEach((partition, next) -> {
                if (oldest.getOrDefault(partition, 0L) > next) {
                    throw behindWhatIsKept(topic.id(), partition, next, committed.getOrDefault(partition, 0L));
                }
                consumer.seek(partition, next);
            });
            requireNoCommands(consumer, committed, decided);
        }
    }

    private void requireNoCommands(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> committed,
            Map<TopicPartition, Long> decided) {
        long deadline = System.nanoTime() + SCAN_WAIT.toNanos();
        while (committed.entrySet().stream().anyMatch(until -> consumer.position(until.getKey()) < until.getValue())) {
            for (ConsumerRecord<byte[], byte[]> command : consumer.poll(Duration.ofMillis(200))) {
                TopicPartition partition = new TopicPartition(command.topic(), command.partition());
                if (command.offset() < committed.getOrDefault(partition, 0L)) {
                    throw behind(partition, decided.getOrDefault(partition, 0L), committed.getOrDefault(partition, 0L));
                }
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(new TimeoutException(
                        "Kafka did not give the commands between the database's progress and the group's offsets within "
                                + SCAN_WAIT.toSeconds() + " s: " + committed));
            }
        }
    }

    private IllegalStateException behind(TopicPartition partition, long next, long committed) {
        return new IllegalStateException(whatIsWrong(partition, next, committed)
                + " Nothing is decided until this is settled: either bring back the database that has these commits, or "
                + "accept what it has and have the lost commands decided again by moving the group "
                + "back with kafka-consumer-groups.sh --group " + settings.group()
                + " --reset-offsets --to-offset " + next + " --topic " + partition.topic() + ":"
                + partition.partition() + " --execute (their answers may then differ from those that were given)");
    }

    private static IllegalStateException behindWhatIsKept(
            UUID topicId, TopicPartition partition, long next, long committed) {
        return new IllegalStateException(whatIsWrong(partition, next, committed)
                + " What was between them is no longer in the topic, so nobody can tell whether there were commands or "
                + "only markers of transactions. Nothing is decided until this is settled: either bring back the "
                + "database that has these commits, or accept what it has by INSERT INTO partition_progress (topic_id, "
                + "partition, next_offset) VALUES ('" + topicId + "', " + partition.partition() + ", " + committed
                + ") ON CONFLICT (topic_id, partition) DO UPDATE SET next_offset = excluded.next_offset;");
    }

    private static String whatIsWrong(TopicPartition partition, long next, long committed) {
        return "THE DATABASE IS BEHIND KAFKA: in partition " + partition + " the group has committed offset "
                + committed
                + ", but the database knows the commands only up to offset " + next
                + ". It was restored from a backup, or failed over to a standby that had not got everything.";
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = new HashMap<>(settings.kafka().clientProperties());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
