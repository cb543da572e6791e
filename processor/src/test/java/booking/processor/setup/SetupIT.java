package booking.processor.setup;

import static org.assertj.core.api.Assertions.assertThat;

import booking.configuration.KafkaSettings;
import booking.embedded.EmbeddedKafka;
import booking.embedded.FreePorts;
import booking.embedded.KafkaOptions;
import booking.embedded.PortRequest;
import booking.embedded.TemporaryDirectory;
import booking.schemas.topic.TopicDefinitions;
import booking.schemas.topic.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class SetupIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Test
    void topicsWaitForAsManyBrokersAsTheyHaveCopies() throws Exception {
        String clusterId = Uuid.randomUuid().toString();
        int controller = FreePorts.any();
        int firstPort = FreePorts.any();
        int secondPort = FreePorts.any();
        try (TemporaryDirectory directory = TemporaryDirectory.create("booking-setup-");
                EmbeddedKafka first = EmbeddedKafka.start(broker(directory, 1, clusterId, firstPort, controller)
                        .withSetting(
                                "listeners",
                                "CLIENT://127.0.0.1:" + firstPort + ",CONTROLLER://127.0.0.1:" + controller))) {
            KafkaSettings kafka = new KafkaSettings(Map.of("bootstrap.servers", first.bootstrapServers()));
            TopicDefinitions topics = new TopicDefinitions(TopicNames.DEFAULT, 2, (short) 2, 2, Duration.ofDays(1));
            CompletableFuture<Void> setup =
                    CompletableFuture.runAsync(() -> Setup.createTopics(kafka, topics, PATIENCE));
            try (EmbeddedKafka second = EmbeddedKafka.start(broker(directory, 2, clusterId, secondPort, controller)
                            .withSetting("process.roles", "broker")
                            .withSetting("listeners", "CLIENT://127.0.0.1:" + secondPort));
                    Admin admin = Admin.create(Map.of("bootstrap.servers", second.bootstrapServers()))) {
                setup.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

                assertThat(admin.describeTopics(List.of("booking-commands"))
                                .allTopicNames()
                                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .hasSize(1)
                        .allSatisfy((name, topic) -> assertThat(topic.partitions())
                                .hasSize(2)
                                .allSatisfy(partition ->
                                        assertThat(partition.replicas()).hasSize(2)));
            }
        }
    }

    private static KafkaOptions broker(
            TemporaryDirectory directory, int id, String clusterId, int port, int controller) {
        return KafkaOptions.in(directory.path().resolve("kafka-" + id))
                .withPort(PortRequest.exactly(port))
                .inCluster(clusterId)
                .withJvmArguments(List.of("-Xms128m", "-Xmx384m"))
                .withSetting("node.id", Integer.toString(id))
                .withSetting("controller.quorum.voters", "1@127.0.0.1:" + controller);
    }
}
