package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import booking.processor.stream.CommandsTopic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** A processor does not start where it could sell a place twice. */
class StartChecksIT {

    @Test
    void aDatabaseThatIsBehindKafkaIsRefused() {
        try (BookingSystem system = new BookingSystem(Map.of())) {
            String event = Commands.newEventId();
            BookingSystem.position(system.send(Commands.event(event, 1)));
            BookingSystem.position(system.send(Commands.book(event, "alice")));
            ProcessorApplication processor = system.startProcessor();
            system.results(2);
            awaitCommitted(system, 2);
            system.stop(processor);
            // As after a restore of an older backup.
            system.sql()
                    .sql(
                            "UPDATE partition_progress SET next_offset = next_offset - 1 WHERE topic_id = ? AND next_offset > 0")
                    .param(topicId(system))
                    .update();

            assertThatThrownBy(system::startProcessor)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("THE DATABASE IS BEHIND KAFKA")
                    .hasMessageContaining("has committed offset 2")
                    .hasMessageContaining("only up to offset 1")
                    .hasMessageContaining("--reset-offsets --to-offset 1");
        }
    }

    @Test
    void markersOfTransactionsBehindTheLastCommandAreNoLoss() {
        try (BookingSystem system = new BookingSystem(Map.of())) {
            String event = Commands.newEventId();
            ProcessorApplication processor = system.startProcessor();
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers",
                            String.valueOf(system.environment().get("BOOKING_KAFKA_BOOTSTRAP_SERVERS")),
                            "transactional.id",
                            "upstream-" + UUID.randomUUID()),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                producer.initTransactions();
                producer.beginTransaction();
                var unused = producer.send(new ProducerRecord<>(
                        system.topics().commands(),
                        event.getBytes(StandardCharsets.UTF_8),
                        """
                        {"type":"createEvent","commandId":"%s","eventId":"%s","name":"n","venue":"%s","date":"2027-05-01T20:00:00Z"}""".formatted(UUID.randomUUID(), event, event).getBytes(StandardCharsets.UTF_8)));
                producer.commitTransaction();
            }
            system.results(1);
            awaitCommitted(system, 1);
            system.stop(processor);
            // What the database would say if it had only seen the command, and not the marker behind it.
            system.sql()
                    .sql("UPDATE partition_progress SET next_offset = 1 WHERE topic_id = ? AND next_offset > 0")
                    .param(topicId(system))
                    .update();

            assertThat(system.startProcessor()).isNotNull();
        }
    }

    @Test
    void commandsWhoseTimeTheirSendersChooseAreRefused() throws Exception {
        try (BookingSystem system = new BookingSystem(Map.of())) {
            ConfigResource topic = new ConfigResource(
                    ConfigResource.Type.TOPIC, system.topics().commands());
            system.admin()
                    .incrementalAlterConfigs(Map.of(
                            topic,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("message.timestamp.type", "CreateTime"),
                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();

            await().atMost(BookingSystem.PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(system::startProcessor)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("message.timestamp.type=CreateTime")
                            .hasMessageContaining("set it to LogAppendTime"));
        }
    }

    @Test
    void aMissingTopicIsToldWithWhatToDo() throws Exception {
        try (BookingSystem system = new BookingSystem(Map.of())) {
            system.admin()
                    .deleteTopics(List.of(system.topics().commands()))
                    .all()
                    .get();

            await().atMost(BookingSystem.PATIENCE)
                    .untilAsserted(() -> assertThatThrownBy(system::startProcessor)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining(
                                    "there is no topic " + system.topics().commands())
                            .hasMessageContaining("run the setup step"));
        }
    }

    private static UUID topicId(BookingSystem system) {
        try (CommandsTopic topic = new CommandsTopic(ProcessorSettings.from(system.environment()))) {
            return topic.id();
        }
    }

    private static void awaitCommitted(BookingSystem system, long offset) {
        await().atMost(BookingSystem.PATIENCE)
                .until(() -> system
                                .admin()
                                .listConsumerGroupOffsets(system.environment().get("BOOKING_PROCESSOR_GROUP"))
                                .partitionsToOffsetAndMetadata()
                                .get()
                                .values()
                                .stream()
                                .mapToLong(committed -> committed.offset())
                                .max()
                                .orElse(0)
                        >= offset);
    }
}
