package booking.gateway.follow;

import booking.configuration.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What was published from some positions on, read once more at its reader's pace. Fetches little at a time, so that many
 * of these have room beside each other. For one thread.
 */
public final class PastRecords implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FollowedTopics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Set<TopicPartition> partitions;
    private final List<Gap> gaps = new ArrayList<>();

    private PastRecords(KafkaSettings kafka, Positions from) {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "booking-gateway-past");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // What retention takes away while it is read must not be skipped in silence.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 100);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 128 * 1024);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1024 * 1024);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        this.topics = from.topics();
        Map<TopicPartition, Long> wanted = from.byPartition();
        this.partitions = wanted.keySet();
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            consumer.assign(partitions);
            Map<TopicPartition, Long> oldest = consumer.beginningOffsets(partitions, PATIENCE);
            Map<TopicPartition, Long> newest = consumer.endOffsets(partitions, PATIENCE);
            wanted.forEach((partition, offset) ->
                    seek(partition, offset, oldest.getOrDefault(partition, 0L), newest.getOrDefault(partition, 0L)));
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /**
     * Begins at these positions.
     *
     * @throws org.apache.kafka.common.KafkaException when Kafka does not answer
     */
    public static PastRecords from(KafkaSettings kafka, Positions positions) {
        return new PastRecords(kafka, positions);
    }

    private void seek(TopicPartition partition, long wanted, long oldest, long newest) {
        long there = Math.min(Math.max(wanted, oldest), Math.max(newest, oldest));
        if (there != wanted) {
            gaps.add(new Gap(partition.topic(), partition.partition(), wanted, there));
        }
        consumer.seek(partition, there);
    }

    /** What was asked for and cannot be read. */
    public List<Gap> gaps() {
        return List.copyOf(gaps);
    }

    /**
     * What comes next, in the order of each partition; nothing when nothing has come within this time.
     *
     * @throws org.apache.kafka.common.KafkaException when it cannot be read, such as when it is no longer kept
     */
    public List<Published> next(Duration wait) {
        List<Published> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            records.add(Published.of(topics.kind(record.topic()), record));
        }
        return records;
    }

    /** Where it is, behind all that {@link #next} has given, and behind markers of transactions that follow. */
    public Positions positions() {
        Positions reached = Positions.nowhere(topics);
        partitions.forEach(partition -> reached.set(partition, consumer.position(partition, PATIENCE)));
        return reached;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
