package booking.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.embedded.FreePorts;
import booking.embedded.TemporaryDirectory;
import booking.schemas.command.Book;
import booking.schemas.command.Command;
import booking.schemas.command.CreateEvent;
import booking.schemas.result.Accepted;
import booking.schemas.result.Result;
import booking.schemas.topic.BookingSerdes;
import booking.schemas.topic.TopicNames;
import booking.standalone.StartedSystem.Ready;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Broker, PostgreSQL, processor and gateway are killed in the middle of the work, and started again. */
class EveryCommandAnsweredOnceIT {
    private static final int COMMANDS = 50_000;
    private static final int EVENTS = 50;
    private static final int CAPACITY = 400;
    private static final int DECIDED_BEFORE_THE_KILL = 8_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void alsoWhenEverythingIsKilledMeanwhile() throws Exception {
        try (TemporaryDirectory directory = TemporaryDirectory.create("kill-it-")) {
            String[] arguments = {
                "--data", directory.path().resolve("data").toString(),
                "--port", Integer.toString(FreePorts.any()),
                "--kafka-port", Integer.toString(FreePorts.any()),
                "--postgres-port", Integer.toString(FreePorts.any())
            };
            try (StartedSystem killed = StartedSystem.start(directory.path(), Map.of(), arguments)) {
                Ready ready = killed.awaitReady();
                sendAll(ready);
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() ->
                                ids(ready, "SELECT command_id FROM outcomes").size() > DECIDED_BEFORE_THE_KILL);
                killed.kill();
            }
            try (StartedSystem system = StartedSystem.start(directory.path(), Map.of(), arguments)) {
                Ready ready = system.awaitReady();
                Map<String, Result> answers = readAll(ready);

                Set<UUID> accepted = new HashSet<>();
                answers.values().forEach(result -> {
                    if (result instanceof Accepted) {
                        result.booking().ifPresent(accepted::add);
                    }
                });
                assertThat(ids(ready, "SELECT id FROM bookings")).isEqualTo(accepted);
                assertThat(ids(ready, """
                        SELECT id FROM events AS e WHERE confirmed > capacity OR confirmed <>
                            (SELECT coalesce(sum(quantity), 0) FROM bookings WHERE event_id = e.id)""")).isEmpty();
            }
        }
    }

    private static void sendAll(Ready ready) {
        Random random = new Random(42);
        try (KafkaProducer<String, Command> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", ready.bootstrapServers()),
                new StringSerializer(),
                BookingSerdes.commandSerializer())) {
            for (int i = 0; i < COMMANDS; i++) {
                String event = "event-" + (i < EVENTS ? i : random.nextInt(EVENTS));
                UUID commandId = new UUID(random.nextLong(), random.nextLong());
                Command command = i < EVENTS
                        ? new CreateEvent(
                                commandId,
                                event,
                                "Event",
                                Instant.parse("2027-05-01T20:00:00Z"),
                                event,
                                CAPACITY,
                                OptionalInt.empty(),
                                Optional.empty(),
                                Optional.empty())
                        : new Book(commandId, event, "user-" + i, 1, OptionalLong.empty());
                var unused = producer.send(new ProducerRecord<>(TopicNames.DEFAULT.commands(), event, command));
            }
        }
    }

    /** Waits until each command has a result, and fails when one has two. Keyed by the record that is answered. */
    private static Map<String, Result> readAll(Ready ready) {
        try (KafkaConsumer<String, Result> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", ready.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                BookingSerdes.results().deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(TopicNames.DEFAULT.results()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<String, Result> answers = new HashMap<>();
            await().atMost(PATIENCE).pollInSameThread().until(() -> {
                for (ConsumerRecord<String, Result> record : consumer.poll(Duration.ofMillis(200))) {
                    String answered =
                            new String(record.headers().lastHeader("ce_source").value(), StandardCharsets.UTF_8);
                    assertThat(answers.put(answered, record.value()))
                            .as("a second answer to " + answered)
                            .isNull();
                }
                return answers.size() >= COMMANDS;
            });
            // All that the log holds is answered; a second answer would have to come now.
            consumer.poll(Duration.ofSeconds(1))
                    .forEach(
                            record -> assertThat(record).as("a result too many").isNull());
            assertThat(answers).hasSize(COMMANDS);
            return answers;
        }
    }

    private static Set<Object> ids(Ready ready, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + ready.postgresPort() + "/booking", "booking_read", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            Set<Object> ids = new HashSet<>();
            while (rows.next()) {
                ids.add(rows.getObject(1));
            }
            return ids;
        }
    }
}
