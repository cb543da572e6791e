package booking.processor.stream;

import booking.processor.ProcessorSettings;
import booking.processor.store.BookingStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What has to hold before the first command is decided. */
public final class StartChecks {
    private static final Duration SCAN_WAIT = Duration.ofSeconds(30);

    private final ProcessorSettings settings;
    private final CommandsTopic topic;
    private final BookingStore store;

    public StartChecks(ProcessorSettings settings, CommandsTopic topic, BookingStore store) {
        this.settings = settings;
        this.topic = topic;
        this.store = store;
    }

    /**
     * Refuses to go on when a topic is missing, when the commands' time is not the broker's, or when the database is
     * behind Kafka.
     *
     * @throws IllegalStateException when something does not hold; the message says what to do
     */
    public void run() {
        // Without them nothing could be answered, and nothing would be heard of it for a long time.
        topic.requireTopic(settings.topics().results());
        topic.requireTopic(settings.topics().availability());
        topic.requireTopic(settings.topics().deadLetters());
        requireBrokersTime();
        requireDatabaseNotBehind();
    }

    private void requireBrokersTime() {
        String type = topic.timestampType();
        if (!type.equals("LogAppendTime")) {
            throw new IllegalStateException("topic " + topic.name() + " has message.timestamp.type=" + type
                    + ", so senders could choose the time of their commands; set it to LogAppendTime");
        }
    }

    /**
     * The progress in the database is moved before the group's offsets are committed. When it is behind them, the
     * database has lost commits (it was restored, or failed over to a standby that was behind), and places that were
     * promised would be sold again.
     */
    private void requireDatabaseNotBehind() {
        UUID topicId = topic.id();
        // The offsets first: other instances may be at work, and move the progress before them.
        Map<Integer, Long> offsets = topic.committedOffsets();
        SortedMap<Integer, Long> progress = store.progress(topicId);
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
                    throw behindWhatIsKept(topicId, partition, next, committed.getOrDefault(partition, 0L));
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
                throw new IllegalStateException("Kafka did not give the commands between the database's progress and "
                        + "the group's offsets within " + SCAN_WAIT.toSeconds() + " s: " + committed);
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
