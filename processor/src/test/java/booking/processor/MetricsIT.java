package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.EmbeddedServers;
import booking.embedded.PortRequest;
import booking.embedded.PostgresOptions;
import booking.embedded.TemporaryDirectory;
import booking.schemas.command.Book;
import booking.schemas.command.CreateEvent;
import booking.schemas.result.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The processor counts each decision once, whatever happens on the way to it, and says how far it is behind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final TemporaryDirectory directory = TemporaryDirectory.create("metrics-");
    private final PostgresOptions options =
            PostgresOptions.in(directory.path()).withPort(PortRequest.any()).notDurable();
    private EmbeddedPostgres postgres = EmbeddedPostgres.start(options);
    private BookingSystem system;
    private ProcessorApplication processor;

    @BeforeEach
    void start() {
        // A thread may fail when its database is killed. It is replaced, and what counts is what comes of it.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
        system = new BookingSystem(EmbeddedServers.shared().kafka(), postgres, Map.of());
        processor = system.startProcessor();
    }

    @AfterEach
    void stop() {
        Awaitility.reset();
        system.close();
    }

    @AfterAll
    void stopDatabase() {
        postgres.close();
        directory.close();
    }

    @Test
    void eachDecisionIsCountedOnceAndRepetitionsAndReplaysApart() {
        CreateEvent event = Commands.event(Commands.newEventId(), 1);
        Book first = Commands.book(event.eventId(), "alice");
        Book second = Commands.book(event.eventId(), "bob");
        system.write(event, first, second);
        system.write(first);
        BookingSystem.position(system.send(event.eventId(), "this is no command"));
        BookingSystem.position(system.send(event.eventId(), """
                {"type":"book","commandId":"%s","eventId":"%s"}""".formatted(UUID.randomUUID(), event.eventId())));
        system.awaitAllDecided();

        assertThat(decided("createEvent", "ACCEPTED", "none")).isEqualTo(1);
        assertThat(decided("book", "ACCEPTED", "none")).isEqualTo(1);
        assertThat(decided("book", "REJECTED", "ALREADY_BOOKED")).isEqualTo(1);
        assertThat(decided("book", "REJECTED", "INVALID_COMMAND")).isEqualTo(1);
        assertThat(value("booking_commands_decided_total")).isEqualTo(4);
        assertThat(value("booking_commands_repeated_total")).isEqualTo(1);
        assertThat(value("booking_dead_letters_total", "reason=\"NOT_JSON\"")).isEqualTo(1);
        assertThat(value("booking_batch_commands_sum")).isEqualTo(6);
        assertThat(value("booking_batch_commands_count"))
                .isEqualTo(value("booking_transaction_seconds_count", "outcome=\"committed\""))
                .isEqualTo(value("booking_batch_step_seconds_count", "step=\"fence\""));

        // As after a crash between the database's commit and Kafka's: the records come again.
        system.stop(processor);
        rewind(6);
        processor = system.startProcessor();
        eventually("replayed")
                .untilAsserted(() ->
                        assertThat(value("booking_commands_replayed_total")).isEqualTo(6));
        assertThat(value("booking_commands_decided_total")).isZero();
        assertThat(value("booking_dead_letters_total")).isZero();
    }

    @Test
    void aBatchThatIsTriedAgainIsCountedOnceAndItsAttemptsApart() throws Exception {
        CreateEvent event = Commands.event(Commands.newEventId(), 10);
        system.write(event);
        system.awaitAllDecided();
        try (Connection writer = system.dataSource(EmbeddedPostgres.SUPERUSER).getConnection();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("SELECT FROM events WHERE id = '" + event.eventId() + "' FOR UPDATE");
            system.write(Commands.book(event.eventId(), "alice"));
            system.awaitAllDecided();
            writer.rollback();
        }

        assertThat(value("booking_attempts_failed_total", "kind=\"contention\""))
                .isPositive();
        assertThat(value("booking_transaction_seconds_count", "outcome=\"rolled_back\""))
                .isEqualTo(value("booking_attempts_failed_total"));
        assertThat(decided("book", "REJECTED", "VERSION_CONFLICT")).isEqualTo(1);
        assertThat(value("booking_commands_decided_total")).isEqualTo(2);
    }

    @Test
    void whileTheDatabaseIsAwayTheMetersTellOfItAndOfTheCommandsThatWait() throws IOException {
        CreateEvent event = Commands.event(Commands.newEventId(), 10);
        system.write(event);
        system.awaitAllDecided();
        eventually("up").untilAsserted(() -> {
            assertThat(value("booking_ready")).isEqualTo(1);
            assertThat(value("booking_database_up")).isEqualTo(1);
            assertThat(value("booking_partitions")).isEqualTo(12);
            assertThat(value("booking_lag_commands")).isZero();
            assertThat(value("booking_oldest_undecided_seconds")).isZero();
        });

        postgres.kill();
        List<Position> waiting = system.write(Commands.book(event.eventId(), "alice"));

        eventually("away").untilAsserted(() -> {
            assertThat(value("booking_ready")).isZero();
            assertThat(value("booking_database_up")).isZero();
            assertThat(value("booking_attempts_failed_total", "kind=\"database_away\""))
                    .isPositive();
            assertThat(value(
                            "booking_lag_commands",
                            "partition=\"" + waiting.get(0).partition() + "\""))
                    .isEqualTo(1);
            assertThat(value("booking_oldest_undecided_seconds")).isPositive();
        });
        postgres = EmbeddedPostgres.start(options);

        eventually("back").untilAsserted(() -> {
            assertThat(value("booking_ready")).isEqualTo(1);
            assertThat(value("booking_lag_commands")).isZero();
            assertThat(value("booking_oldest_undecided_seconds")).isZero();
        });
        assertThat(decided("book", "ACCEPTED", "none")).isEqualTo(1);
    }

    private static ConditionFactory eventually(String what) {
        return Awaitility.await(what).atMost(BookingSystem.PATIENCE).pollInterval(Duration.ofMillis(200));
    }

    /** Moves the group back to the beginning of what it has read. */
    private void rewind(int records) {
        Map<TopicPartition, OffsetAndMetadata> committed = BookingSystem.answered(system.admin()
                .listConsumerGroupOffsets(system.environment().get("BOOKING_PROCESSOR_GROUP"))
                .partitionsToOffsetAndMetadata());
        assertThat(committed.values().stream()
                        .mapToLong(OffsetAndMetadata::offset)
                        .sum())
                .isEqualTo(records);
        BookingSystem.answered(system.admin()
                .alterConsumerGroupOffsets(
                        system.environment().get("BOOKING_PROCESSOR_GROUP"),
                        committed.keySet().stream()
                                .collect(Collectors.toMap(
                                        partition -> partition, partition -> new OffsetAndMetadata(0))))
                .all());
    }

    private double decided(String type, String outcome, String reason) {
        return value(
                "booking_commands_decided_total",
                "type=\"" + type + "\"",
                "outcome=\"" + outcome + "\"",
                "reason=\"" + reason + "\"");
    }

    /** The sum over all series of this name with these labels. */
    private double value(String name, String... labels) {
        return scrape().lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private String scrape() {
        try {
            return HTTP.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + processor.healthPort() + "/metrics"))
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
