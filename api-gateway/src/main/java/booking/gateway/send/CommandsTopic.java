package booking.gateway.send;

import static java.util.Objects.requireNonNull;

import booking.configuration.KafkaSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.jspecify.annotations.Nullable;

/** What the cluster says about the commands topic. */
public final class CommandsTopic implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 2_000;
    private static final Duration ID_KEPT = Duration.ofSeconds(10);

    private final String name;
    private final Admin admin;
    private volatile @Nullable Known known;

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
        return admin.describeTopics(List.of(name), new DescribeTopicsOptions().timeoutMs(PATIENCE_MILLIS))
                .allTopicNames()
                .toCompletionStage()
                .thenApply(topics -> {
                    TopicDescription topic = requireNonNull(topics.get(name));
                    UUID id = new UUID(
                            topic.topicId().getMostSignificantBits(),
                            topic.topicId().getLeastSignificantBits());
                    known = new Known(id, System.nanoTime());
                    return id;
                });
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }

    private record Known(UUID id, long asOfNanos) {}
}
