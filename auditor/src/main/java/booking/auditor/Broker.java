package booking.auditor;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What the brokers know beside the records. */
final class Broker implements AutoCloseable {
    private static final int WAIT_SECONDS = 15;
    private static final Set<GroupState> WITH_MEMBERS =
            EnumSet.complementOf(EnumSet.of(GroupState.EMPTY, GroupState.DEAD, GroupState.UNKNOWN));

    private final Admin admin;
    private final AuditSettings settings;

    Broker(AuditSettings settings) {
        this.settings = settings;
        Map<String, Object> properties = new HashMap<>(settings.kafka().clientProperties());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, WAIT_SECONDS * 1000);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, WAIT_SECONDS * 1000 / 3);
        this.admin = Admin.create(properties);
    }

    /** The id of the commands topic: one that is made anew has another. */
    UUID commandsTopicId() {
        String topic = settings.topics().commands();
        Uuid id = Objects.requireNonNull(
                        ask(admin.describeTopics(List.of(topic)).allTopicNames())
                                .get(topic))
                .topicId();
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /** How long commands are kept; empty when they are kept forever. */
    Optional<Duration> commandsRetention() {
        ConfigResource topic =
                new ConfigResource(ConfigResource.Type.TOPIC, settings.topics().commands());
        Config config = Objects.requireNonNull(
                ask(admin.describeConfigs(List.of(topic)).all()).get(topic));
        long millis = Long.parseLong(Objects.requireNonNull(config.get(TopicConfig.RETENTION_MS_CONFIG))
                .value());
        return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }

    /** Where the group goes on in each partition of the commands topic that it has committed. */
    Map<Integer, Long> committedOffsets() {
        Map<Integer, Long> offsets = new HashMap<>();
        ask(admin.listConsumerGroupOffsets(settings.group()).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null
                            && partition.topic().equals(settings.topics().commands())) {
                        offsets.put(partition.partition(), offset.offset());
                    }
                });
        return offsets;
    }

    /** Whether somebody is in the group, to decide commands. */
    boolean hasGroupMembers() {
        return ask(admin.listGroups(new ListGroupsOptions().inGroupStates(WITH_MEMBERS))
                        .all())
                .stream()
                .anyMatch(group -> group.groupId().equals(settings.group()));
    }

    /** Where the log ends for writers, or how far readers of committed records see. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions, IsolationLevel level) {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        ask(admin.listOffsets(latest, new ListOffsetsOptions(level)).all())
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** The first offset that is not deleted. */
    long beginning(TopicPartition partition) {
        return ask(admin.listOffsets(Map.of(partition, OffsetSpec.earliest())).partitionResult(partition))
                .offset();
    }

    /** The transactions that have written to these partitions and have not ended. */
    List<TransactionDescription> openTransactions(Set<TopicPartition> partitions) {
        List<String> ids = ask(admin.listTransactions(new ListTransactionsOptions()
                                .filterStates(Set.of(
                                        TransactionState.ONGOING,
                                        TransactionState.PREPARE_ABORT,
                                        TransactionState.PREPARE_COMMIT)))
                        .all())
                .stream()
                .map(TransactionListing::transactionalId)
                .toList();
        return ask(admin.describeTransactions(ids).all()).values().stream()
                .filter(transaction -> transaction.topicPartitions().stream().anyMatch(partitions::contains))
                .toList();
    }

    private <T> T ask(KafkaFuture<T> answer) {
        try {
            return answer.get(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new AuditFailedException(
                        "there is no topic " + settings.topics().commands() + " at " + brokers(), e);
            }
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw silence(e);
            }
            throw new AuditFailedException("Kafka at " + brokers() + " refuses to answer: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw silence(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditFailedException("the audit was interrupted", e);
        }
    }

    private AuditFailedException silence(Exception e) {
        return new AuditFailedException(
                "Kafka at " + brokers() + " did not answer within " + WAIT_SECONDS + " s; is that where it is?", e);
    }

    private String brokers() {
        return settings.kafka().bootstrapServers();
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
