package booking.gateway.follow;

import booking.configuration.KafkaSettings;
import booking.gateway.follow.Published.Kind;
import booking.schemas.topic.TopicNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the ends of the topics of results and availability, all partitions, alone: every gateway sees all of it, and
 * keeps no offsets. After a failure it goes on where it was.
 */
public final class TopicTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Map<String, Object> consumerProperties;
    private final Map<String, Object> adminProperties;
    private final TopicNames names;
    private final Reader reader;
    private final Counter resultsRead;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean following;
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;
    /** Known to the tail's thread only. */
    private @Nullable Positions positions;

    /** Is handed what is published, on the tail's thread, so it must not wait. */
    public interface Reader {
        /**
         * From these positions on everything is handed over. Said at the start, and again after each failure: with the
         * positions that were reached before, or with others when what is between them cannot be read.
         */
        void follows(Positions from);

        /** Hands over what comes next, in the order of each partition. */
        void read(List<Published> records);

        /**
         * All before these positions has been handed over: also where markers of transactions, which are no records, have
         * moved them.
         */
        void reached(Positions positions);
    }

    private TopicTail(KafkaSettings kafka, TopicNames names, MeterRegistry meters, Reader reader) {
        this.names = names;
        this.resultsRead = Counter.builder("booking.results.read")
                .description("Results read from their topic, whoever waits for them")
                .register(meters);
        this.reader = reader;
        this.adminProperties = new HashMap<>(kafka.clientProperties());
        adminProperties.put(AdminClientConfig.CLIENT_ID_CONFIG, "booking-gateway-tail");
        this.consumerProperties = new HashMap<>(kafka.clientProperties());
        consumerProperties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        consumerProperties.put(ConsumerConfig.CLIENT_ID_CONFIG, "booking-gateway");
        consumerProperties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumerProperties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        consumerProperties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumerProperties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumerProperties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        this.thread = new Thread(this::run, "gateway-tail");
    }

    /** Starts to follow. */
    public static TopicTail start(KafkaSettings kafka, TopicNames names, MeterRegistry meters, Reader reader) {
        TopicTail tail = new TopicTail(kafka, names, meters, reader);
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
                    new KafkaConsumer<>(consumerProperties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                current = consumer;
                follow(consumer);
            } catch (WakeupException e) {
                LOG.debug("Stopping to follow the topics");
            } catch (InvalidOffsetException e) {
                LOG.warn("What was published meanwhile is no longer kept: {}", e.toString());
                positions = null;
            } catch (KafkaException e) {
                LOG.warn("Cannot follow topics {} and {}: {}", names.results(), names.availability(), e.toString());
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
        FollowedTopics topics;
        try {
            topics = ask();
        } catch (UnknownTopicOrPartitionException e) {
            LOG.debug("There are no topics {} and {} yet", names.results(), names.availability());
            return;
        }
        Positions reached = begin(consumer, topics);
        positions = reached;
        reader.follows(reached.copy());
        following = true;
        LOG.info(
                "Following topics {} and {} with {} and {} partitions",
                topics.results(),
                topics.availability(),
                topics.resultsPartitions(),
                topics.availabilityPartitions());
        while (!isClosing(Duration.ZERO)) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                List<Published> published = published(topics, records);
                published.stream()
                        .filter(record -> record.kind() == Kind.RESULT)
                        .forEach(result -> resultsRead.increment());
                reader.read(published);
            }
            if (!records.nextOffsets().isEmpty()) {
                records.nextOffsets().forEach((partition, next) -> reached.set(partition, next.offset()));
                reader.reached(reached.copy());
            }
        }
    }

    /** Goes on where it was; else, as at the first start or when the topics are others now, at the end. */
    private Positions begin(KafkaConsumer<byte[], byte[]> consumer, FollowedTopics topics) {
        List<TopicPartition> partitions = topics.partitions();
        consumer.assign(partitions);
        Positions before = positions;
        if (before != null && before.topics().equals(topics)) {
            before.byPartition().forEach(consumer::seek);
            return before;
        }
        consumer.seekToEnd(partitions);
        Positions end = Positions.nowhere(topics);
        // Seeking is done when a position is asked for; before that a result could slip by.
        partitions.forEach(partition -> end.set(partition, consumer.position(partition, PATIENCE)));
        return end;
    }

    private FollowedTopics ask() {
        try (Admin admin = Admin.create(adminProperties)) {
            return FollowedTopics.of(
                    names,
                    admin.describeTopics(
                                    List.of(names.results(), names.availability()),
                                    new DescribeTopicsOptions().timeoutMs(Math.toIntExact(PATIENCE.toMillis())))
                            .allTopicNames()
                            .get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        }
    }

    private static List<Published> published(FollowedTopics topics, ConsumerRecords<byte[], byte[]> records) {
        List<Published> published = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            published.add(Published.of(topics.kind(record.topic()), record));
        }
        return published;
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
