package booking.gateway.await;

import booking.configuration.KafkaSettings;
import booking.schemas.topic.HeaderNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the end of the results topic, all partitions, alone: every gateway sees every result, and keeps no offsets.
 */
public final class ResultTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ResultTail.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final byte[] NOTHING = {};

    private final Map<String, Object> properties;
    private final String topic;
    private final Consumer<List<PublishedResult>> reader;
    private final Counter read;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean following;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

    private ResultTail(
            KafkaSettings kafka, String topic, MeterRegistry meters, Consumer<List<PublishedResult>> reader) {
        this.topic = topic;
        this.read = Counter.builder("booking.results.read")
                .description("Results read from their topic, whoever waits for them")
                .register(meters);
        this.reader = reader;
        this.properties = new HashMap<>(kafka.clientProperties());
        properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "booking-gateway");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        this.thread = new Thread(this::run, "gateway-results");
    }

    /**
     * Starts to follow.
     *
     * @param reader is handed the results as they come, on the tail's thread, so it must not wait
     */
    public static ResultTail start(
            KafkaSettings kafka, String topic, MeterRegistry meters, Consumer<List<PublishedResult>> reader) {
        ResultTail tail = new ResultTail(kafka, topic, meters, reader);
        tail.thread.start();
        return tail;
    }

    /** Whether every result that is published from now on will be seen. */
    public boolean isFollowing() {
        return following;
    }

    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isClosing(Duration.ZERO)) {
            try (KafkaConsumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                current = consumer;
                follow(consumer);
            } catch (WakeupException e) {
                LOG.debug("Stopping to follow topic {}", topic);
            } catch (KafkaException e) {
                LOG.warn("Cannot follow topic {}: {}", topic, e.toString());
            } finally {
                following = false;
                current = null;
            }
            if (isClosing(PAUSE)) {
                return;
            }
        }
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic, PATIENCE).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        if (partitions.isEmpty()) {
            LOG.debug("Topic {} does not exist yet", topic);
            return;
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Seeking is done when a position is asked for; before that a result could slip by.
        partitions.forEach(partition -> consumer.position(partition, PATIENCE));
        following = true;
        LOG.info("Following topic {} with {} partitions", topic, partitions.size());
        while (!isClosing(Duration.ZERO)) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                read.increment(records.count());
                reader.accept(published(records));
            }
        }
    }

    private static List<PublishedResult> published(ConsumerRecords<byte[], byte[]> records) {
        List<PublishedResult> results = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            byte[] value = record.value();
            results.add(new PublishedResult(
                    record.partition(),
                    record.offset(),
                    header(record.headers(), HeaderNames.ID),
                    header(record.headers(), HeaderNames.SOURCE),
                    value == null ? NOTHING : value));
        }
        return results;
    }

    private static String header(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private boolean isClosing(Duration within) {
        try {
            return closing.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
