package booking.standalone.audit;

import booking.configuration.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * What the brokers say about the commands topic.
 *
 * @param id a topic that is made anew has another one
 * @param retention how long it keeps commands; empty when it keeps them forever
 */
record ReplayedTopic(UUID id, Optional<Duration> retention) {
    private static final int WAIT_SECONDS = 30;

    /** @throws CannotReplayException when they do not answer, or have no such topic */
    static ReplayedTopic of(KafkaSettings kafka, String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Uuid id = answered(admin.describeTopics(List.of(name))
                            .topicNameValues()
                            .get(name))
                    .topicId();
            Config config =
                    answered(admin.describeConfigs(List.of(resource)).values().get(resource));
            long retention = Long.parseLong(
                    Objects.requireNonNull(config.get(TopicConfig.RETENTION_MS_CONFIG), "every topic has a retention")
                            .value());
            return new ReplayedTopic(
                    new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()),
                    retention < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(retention)));
        } catch (ExecutionException | TimeoutException e) {
            throw new CannotReplayException("Kafka did not tell about topic " + name + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotReplayException("interrupted while asking about topic " + name);
        }
    }

    private static <T> T answered(@Nullable KafkaFuture<T> answer)
            throws ExecutionException, TimeoutException, InterruptedException {
        return Objects.requireNonNull(answer, "Kafka left out what it was asked for")
                .get(WAIT_SECONDS, TimeUnit.SECONDS);
    }
}
