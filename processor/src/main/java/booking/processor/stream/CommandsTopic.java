package booking.processor.stream;

import booking.processor.ProcessorSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** What the brokers say about the commands topic and about how far the group has come in it. */
public final class CommandsTopic implements AutoCloseable {
    private static final int ANSWER_SECONDS = 30;
    /** Kafka's own word comes first: it says that to try again may mend it. */
    private static final int WAIT_SECONDS = ANSWER_SECONDS + 5;

    private final String name;
    private final String group;
    private final Admin admin;

    public CommandsTopic(ProcessorSettings settings) {
        this.name = settings.topics().commands();
        this.group = settings.group();
        Map<String, Object> properties = new HashMap<>(settings.kafka().clientProperties());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_SECONDS * 1000);
        this.admin = Admin.create(properties);
    }

    String name() {
        return name;
    }

    /**
     * Makes sure that there is a topic for the answers.
     *
     * @throws IllegalStateException when there is none
     */
    void requireTopic(String other) {
        var unused = ask(other, admin.describeTopics(List.of(other)).allTopicNames());
    }

    /**
     * Its id: a topic that is made anew has another one.
     *
     * @throws IllegalStateException when there is no such topic
     */
    public UUID id() {
        Uuid id = answered(ask(name, admin.describeTopics(List.of(name)).allTopicNames())
                        .get(name))
                .topicId();
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** How long it keeps commands; empty when it keeps them forever. */
    public Optional<Duration> retention() {
        long millis = Long.parseLong(setting(TopicConfig.RETENTION_MS_CONFIG));
        return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }

    /** Whose clock the time of a command is: {@code LogAppendTime} is the broker's, {@code CreateTime} the sender's. */
    String timestampType() {
        return setting(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
    }

    /** For each partition that the group has committed, the offset where it goes on. */
    Map<Integer, Long> committedOffsets() {
        Map<Integer, Long> offsets = new HashMap<>();
        ask(name, admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null && partition.topic().equals(name)) {
                        offsets.put(partition.partition(), offset.offset());
                    }
                });
        return offsets;
    }

    /** For each of these partitions, the offset that the next record will get. */
    Map<Integer, Long> ends(Set<Integer> partitions) {
        return offsets(partitions, OffsetSpec.latest());
    }

    /** For each of these partitions, the first offset that is not deleted. */
    Map<Integer, Long> beginnings(Set<Integer> partitions) {
        return offsets(partitions, OffsetSpec.earliest());
    }

    private Map<Integer, Long> offsets(Set<Integer> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(new TopicPartition(name, partition), which));
        Map<Integer, Long> offsets = new HashMap<>();
        ask(name, admin.listOffsets(asked).all())
                .forEach((partition, found) -> offsets.put(partition.partition(), found.offset()));
        return offsets;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }

    private String setting(String setting) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        Config settings =
                answered(ask(name, admin.describeConfigs(List.of(topic)).all()).get(topic));
        return answered(settings.get(setting)).value();
    }

    private static <T> T answered(@Nullable T answer) {
        return Objects.requireNonNull(answer, "Kafka left out what it was asked for");
    }

    private static <T> T ask(String topic, KafkaFuture<T> answer) {
        try {
            return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new IllegalStateException(
                        "there is no topic " + topic + "; run the setup step, which makes topics and tables", e);
            }
            throw new IllegalStateException("Kafka did not answer about topic " + topic + ": " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "Kafka did not answer about topic " + topic + " within " + WAIT_SECONDS + " s",
                    new org.apache.kafka.common.errors.TimeoutException(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking Kafka about topic " + topic, e);
        }
    }
}
