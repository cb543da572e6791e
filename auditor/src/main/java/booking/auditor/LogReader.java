package booking.auditor;

import booking.schemas.topic.PollBudget;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads the committed records of partitions, as a member of no group. */
final class LogReader implements AutoCloseable {
    /** About four thousand results, unpacked, and little beside a small heap. */
    private static final long MOST_POLL_BYTES = 8L * 1024 * 1024;

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration NEWS_OF_A_TOPIC = Duration.ofSeconds(2);
    // While a broker waits for more of the partitions that are read to their ends, it is not asked about the others.
    private static final int FETCH_WAIT_MILLIS = 100;
    private static final int FETCH_BYTES = 8 * 1024 * 1024;
    private static final int PARTITION_BYTES = 1024 * 1024;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final PollBudget budget = new PollBudget(MOST_POLL_BYTES);
    private final Duration patience;
    private final String bootstrapServers;

    LogReader(AuditSettings settings) {
        Map<String, Object> properties = new HashMap<>(settings.kafka().clientProperties());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // What is deleted under our hands must not be passed over.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_BYTES);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        this.consumer = new KafkaConsumer<>(properties, budget, budget);
        this.patience = settings.patience();
        this.bootstrapServers = settings.kafka().bootstrapServers();
    }

    /**
     * All partitions of these topics.
     *
     * @throws AuditFailedException when one of these is not there
     */
    List<TopicPartition> partitions(String... topics) {
        return Stream.of(topics)
                .flatMap(topic -> partitionsOf(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private List<PartitionInfo> partitionsOf(String topic) {
        long askedAt = System.nanoTime();
        List<PartitionInfo> partitions = consumer.partitionsFor(topic);
        // A broker hears of a new topic a moment after it is made.
        while (partitions.isEmpty() && System.nanoTime() - askedAt < NEWS_OF_A_TOPIC.toNanos()) {
            Pause.briefly();
            partitions = consumer.partitionsFor(topic);
        }
        if (partitions.isEmpty()) {
            throw new AuditFailedException("there is no topic " + topic + " at " + bootstrapServers);
        }
        return partitions;
    }

    /** The first offsets that there still are; no others are read from now on. */
    Map<TopicPartition, Long> beginnings(Collection<TopicPartition> partitions) {
        consumer.assign(partitions);
        return consumer.beginningOffsets(partitions);
    }

    /** How far readers can read now; no others are read from now on. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        // It warns of partitions that are not its own. Those that are keep their place.
        consumer.assign(partitions);
        return consumer.endOffsets(partitions);
    }

    /** Goes to these offsets; nothing else will be read from now on. */
    void start(Map<TopicPartition, Long> offsets) {
        consumer.assign(offsets.keySet());
        offsets.forEach(consumer::seek);
    }

    /**
     * Reads on until each partition has been read up to its offset; records at or after it may be read too.
     *
     * @throws CutShortException when nothing more comes, or what comes next is no longer kept
     */
    void readTo(Map<TopicPartition, Long> until, Consumer<ConsumerRecord<byte[], byte[]>> handler) {
        long newsAt = System.nanoTime();
        Map<TopicPartition, Long> before = new HashMap<>();
        while (!isBehindUs(until)) {
            for (ConsumerRecord<byte[], byte[]> record : poll()) {
                handler.accept(record);
            }
            Map<TopicPartition, Long> now = positions(until);
            if (!now.equals(before)) {
                before = now;
                newsAt = System.nanoTime();
            } else if (System.nanoTime() - newsAt > patience.toNanos()) {
                throw cutShort(until);
            }
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        budget.renew();
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            throw new CutShortException("what is next to be read was deleted meanwhile, by retention or by hand: "
                    + e.offsetOutOfRangePartitions());
        }
    }

    private boolean isBehindUs(Map<TopicPartition, Long> until) {
        return until.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private Map<TopicPartition, Long> positions(Map<TopicPartition, Long> until) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        until.keySet().forEach(partition -> positions.put(partition, consumer.position(partition)));
        return positions;
    }

    private CutShortException cutShort(Map<TopicPartition, Long> until) {
        TopicPartition partition = until.entrySet().stream()
                .filter(end -> consumer.position(end.getKey()) < end.getValue())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        return new CutShortException("partition " + partition + " could be read up to offset "
                + consumer.position(partition) + " only, not to " + Objects.requireNonNull(until.get(partition)));
    }

    @Override
    public void close() {
        consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(5)));
    }
}
