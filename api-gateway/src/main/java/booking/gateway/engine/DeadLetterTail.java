package booking.gateway.engine;

import booking.configuration.KafkaSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts dead letters as they are published. Offsets would not do: the ends of transactions have some, too.
 */
public final class DeadLetterTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTail.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Map<String, Object> properties;
    private final String topic;
    private final Counter seen;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private final Map<TopicPartition, Long> reached = new HashMap<>();
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;

    private DeadLetterTail(KafkaSettings kafka, String topic, MeterRegistry registry) {
        this.properties = new HashMap<>(kafka.clientProperties());
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "booking-gateway-dead-letters");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // They are counted only, and can be large.
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 64 * 1024);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        this.topic = topic;
        this.seen = Counter.builder("booking.dead.letters.seen")
                .description("Dead letters read from their topic since the start")
                .register(registry);
        this.thread = new Thread(this::run, "gateway-dead-letters");
        thread.setDaemon(true);
    }

    /** Starts to count those that are published from now on. */
    public static DeadLetterTail start(KafkaSettings kafka, String topic, MeterRegistry registry) {
        DeadLetterTail tail = new DeadLetterTail(kafka, topic, registry);
        tail.thread.start();
        return tail;
    }

    private void run() {
        do {
            try (KafkaConsumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                current = consumer;
                follow(consumer);
            } catch (WakeupException e) {
                LOG.debug("Stopping to count dead letters");
            } catch (KafkaException e) {
                // Such as when the topic may not be read: then they are not counted here.
                LOG.debug("Cannot count dead letters: {}", e.toString());
            } finally {
                current = null;
            }
        } while (!isClosing(PAUSE));
    }

    private void follow(KafkaConsumer<byte[], byte[]> consumer) {
        List<PartitionInfo> known = consumer.partitionsFor(topic, PATIENCE);
        if (known == null || known.isEmpty()) {
            return;
        }
        List<TopicPartition> partitions = known.stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        reached.forEach((partition, offset) -> {
            if (partitions.contains(partition)) {
                consumer.seek(partition, offset);
            }
        });
        partitions.forEach(partition -> reached.put(partition, consumer.position(partition, PATIENCE)));
        while (!isClosing(Duration.ZERO)) {
            consumer.poll(POLL).forEach(letter -> {
                seen.increment();
                reached.put(new TopicPartition(topic, letter.partition()), letter.offset() + 1);
            });
        }
    }

    private boolean isClosing(Duration within) {
        try {
            return closing.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
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
}
