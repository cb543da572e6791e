package booking.processor.stream;

import booking.processor.ProcessorSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds how far the group is behind the end of the commands topic, in all partitions, whoever has
 * them: so it is also seen when nobody does. It asks the brokers, with a consumer that is no member of the group.
 */
public final class LagWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LagWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Brokers that have the record send it at once. */
    private static final Duration RECORD_WAIT = Duration.ofSeconds(2);

    private final String topic;
    private final Map<String, Object> properties;
    private final Consumer<Look> listener;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "lag-watch");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;
    private boolean failing;

    /**
     * What was seen.
     *
     * @param behind for each partition, how many offsets there are between what the group has committed and the end of
     *     what is committed; empty when the brokers did not answer
     * @param oldestAtMillis when the oldest command was written that the group has not committed, by the brokers' clock;
     *     empty when there is none, or none was found
     */
    public record Look(Map<Integer, Long> behind, OptionalLong oldestAtMillis) {}

    /** @param listener is handed each look, on a thread of the watch */
    public LagWatch(ProcessorSettings settings, Consumer<Look> listener) {
        this.topic = settings.topics().commands();
        this.listener = listener;
        this.properties = new HashMap<>(settings.kafka().clientProperties());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "booking-lag-watch");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(PATIENCE.toMillis()));
        // Of each partition no more is wanted than its next record; brokers give at least one batch.
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
    }

    /** Starts to look; returns at once. */
    public void start() {
        var unused = worker.scheduleWithFixedDelay(this::look, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            KafkaConsumer<byte[], byte[]> asking = consumer;
            if (asking == null) {
                asking = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                consumer = asking;
            }
            listener.accept(look(asking));
            if (failing) {
                LOG.info("How far the group is behind is seen again");
            }
            failing = false;
        } catch (RuntimeException e) {
            listener.accept(new Look(Map.of(), OptionalLong.empty()));
            if (!failing && !worker.isShutdown()) {
                LOG.warn("How far the group is behind cannot be seen; trying again: {}", e.toString());
            }
            failing = true;
        }
    }

    private Look look(KafkaConsumer<byte[], byte[]> asking) {
        List<TopicPartition> partitions = asking.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        if (!asking.assignment().equals(new HashSet<>(partitions))) {
            asking.assign(partitions);
        }
        // What is committed first: the group goes on meanwhile, and must not seem to be ahead of the end.
        Map<TopicPartition, OffsetAndMetadata> committed = asking.committed(new HashSet<>(partitions));
        Map<TopicPartition, Long> beginnings = asking.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = asking.endOffsets(partitions);
        Map<Integer, Long> behind = new TreeMap<>();
        Set<TopicPartition> next = new HashSet<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            long beginning = beginnings.getOrDefault(partition, 0L);
            long from = offset == null ? beginning : Math.max(offset.offset(), beginning);
            long lag = Math.max(0, ends.getOrDefault(partition, from) - from);
            behind.put(partition.partition(), lag);
            asking.seek(partition, from);
            if (lag > 0) {
                next.add(partition);
            }
        }
        return new Look(behind, oldest(asking, next));
    }

    /** When the oldest of the records was written that come next in these partitions. */
    private static OptionalLong oldest(KafkaConsumer<byte[], byte[]> asking, Set<TopicPartition> next) {
        OptionalLong oldest = OptionalLong.empty();
        Set<TopicPartition> missing = new HashSet<>(next);
        long deadline = System.nanoTime() + RECORD_WAIT.toNanos();
        asking.pause(asking.assignment());
        asking.resume(next);
        // Between the group's offset and the end there may be nothing but the markers of transactions.
        while (!missing.isEmpty() && System.nanoTime() - deadline < 0) {
            for (ConsumerRecord<byte[], byte[]> record : asking.poll(Duration.ofMillis(200))) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (missing.remove(partition)) {
                    oldest = OptionalLong.of(Math.min(oldest.orElse(Long.MAX_VALUE), record.timestamp()));
                    asking.pause(Set.of(partition));
                }
            }
        }
        return oldest;
    }

    @Override
    public void close() {
        worker.shutdown();
        KafkaConsumer<byte[], byte[]> asking = consumer;
        if (asking != null) {
            asking.wakeup();
        }
        try {
            if (worker.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS) && consumer != null) {
                consumer.close(CloseOptions.timeout(PATIENCE));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
