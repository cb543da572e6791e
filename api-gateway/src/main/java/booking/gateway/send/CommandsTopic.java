package booking.gateway.send;

import static java.util.Objects.requireNonNull;

import booking.configuration.KafkaSettings;
import booking.schemas.result.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the cluster says about the commands topic. */
public final class CommandsTopic implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 2_000;
    private static final Duration ID_KEPT = Duration.ofSeconds(10);

    private final String name;
    private final Admin admin;
    private volatile @Nullable Known known;
    /** Of each partition an offset up to which it is known to reach. */
    private final Map<Integer, Long> ends = new ConcurrentHashMap<>();
    // Anybody may ask the gateway what makes it ask these, and must not be able to keep Kafka busy.
    private final SharedQuestion<UUID> idNow =
            new SharedQuestion<>(() -> describe().thenApply(CommandsTopic::id));
    private final SharedQuestion<Map<Integer, Long>> endsNow = new SharedQuestion<>(this::ends);

    public CommandsTopic(KafkaSettings kafka, String name) {
        this.name = name;
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "booking-gateway");
        this.admin = Admin.create(properties);
    }

    /** The topic's id; one that is made anew under the same name has another. Known ids are asked for again at times. */
    public CompletionStage<UUID> id() {
        Known last = known;
        if (last != null && System.nanoTime() - last.asOfNanos() < ID_KEPT.toNanos()) {
            return CompletableFuture.completedFuture(last.id());
        }
        return ask();
    }

    /** The topic's id, asked for now; fails when the cluster does not answer or has no such topic. */
    public CompletionStage<UUID> ask() {
        return idNow.ask();
    }

    /**
     * Whether something was written at this position; asked for now, together with all others who want to know, unless it is
     * known. Fails when the cluster does not answer.
     */
    public CompletionStage<Boolean> has(Position at) {
        return reaches(ends, at)
                ? CompletableFuture.completedFuture(true)
                : endsNow.ask().thenApply(found -> reaches(found, at));
    }

    /** Something has been written there. */
    void written(Position at) {
        ends.merge(at.partition(), at.offset() + 1, Math::max);
    }

    private static boolean reaches(Map<Integer, Long> ends, Position at) {
        return at.offset() < ends.getOrDefault(at.partition(), 0L);
    }

    /** Where each partition ends, with what is not committed: somebody may just have been told where that is. */
    private CompletionStage<Map<Integer, Long>> ends() {
        return describe()
                .thenCompose(topic -> offsets(partitions(topic), OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED))
                .thenApply(found -> {
                    Map<Integer, Long> now = new HashMap<>();
                    found.forEach((partition, end) -> now.put(partition.partition(), end.offset()));
                    now.forEach((partition, end) -> ends.merge(partition, end, Math::max));
                    return now;
                });
    }

    /**
     * How far this group is, asked for now; fails when the cluster does not answer or does not let us see it.
     *
     * @param lastWritten the offset of our last command in each partition
     */
    CompletionStage<Standing> standing(String group, Map<Integer, Long> lastWritten) {
        return describe().thenCompose(topic -> {
            List<TopicPartition> partitions = partitions(topic);
            // What is committed first: the group goes on meanwhile, and must not seem to be ahead of the end.
            return admin.listConsumerGroupOffsets(
                            group, new ListConsumerGroupOffsetsOptions().timeoutMs(PATIENCE_MILLIS))
                    .partitionsToOffsetAndMetadata()
                    .toCompletionStage()
                    .thenCompose(committed -> decidable(partitions, OffsetSpec.earliest())
                            .thenCombine(
                                    decidable(partitions, OffsetSpec.latest()),
                                    (beginnings, ends) ->
                                            standing(partitions, committed, beginnings, ends, lastWritten)));
        });
    }

    private static Standing standing(
            List<TopicPartition> partitions,
            Map<TopicPartition, OffsetAndMetadata> committed,
            Map<TopicPartition, ListOffsetsResultInfo> beginnings,
            Map<TopicPartition, ListOffsetsResultInfo> ends,
            Map<Integer, Long> lastWritten) {
        long decided = 0;
        long undecided = 0;
        boolean ownWait = false;
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = committed.get(partition);
            long beginning = requireNonNull(beginnings.get(partition)).offset();
            long next = offset == null ? beginning : Math.max(offset.offset(), beginning);
            decided += next;
            long end = requireNonNull(ends.get(partition)).offset();
            undecided += Math.max(0, end - next);
            // Beyond the end it is of a topic that was there before this one.
            long own = lastWritten.getOrDefault(partition.partition(), -1L);
            ownWait |= next <= own && own < end;
        }
        return new Standing(decided, undecided, ownWait);
    }

    // What is not committed, as in a transaction that somebody leaves open, cannot be decided by anybody.
    private CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> decidable(
            List<TopicPartition> partitions, OffsetSpec which) {
        return offsets(partitions, which, IsolationLevel.READ_COMMITTED);
    }

    private CompletionStage<Map<TopicPartition, ListOffsetsResultInfo>> offsets(
            List<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation) {
        return admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which)),
                        new ListOffsetsOptions(isolation).timeoutMs(PATIENCE_MILLIS))
                .all()
                .toCompletionStage();
    }

    private List<TopicPartition> partitions(TopicDescription topic) {
        return topic.partitions().stream()
                .map(partition -> new TopicPartition(name, partition.partition()))
                .toList();
    }

    private CompletionStage<TopicDescription> describe() {
        return admin.describeTopics(List.of(name), new DescribeTopicsOptions().timeoutMs(PATIENCE_MILLIS))
                .allTopicNames()
                .toCompletionStage()
                .thenApply(topics -> {
                    TopicDescription topic = requireNonNull(topics.get(name));
                    Known before = known;
                    if (before != null && !before.id().equals(id(topic))) {
                        ends.clear();
                    }
                    known = new Known(id(topic), System.nanoTime());
                    return topic;
                });
    }

    private static UUID id(TopicDescription topic) {
        return new UUID(
                topic.topicId().getMostSignificantBits(), topic.topicId().getLeastSignificantBits());
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    private record Known(UUID id, long asOfNanos) {}
}
