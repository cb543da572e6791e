package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.EmbeddedServers;
import booking.embedded.PortRequest;
import booking.embedded.PostgresOptions;
import booking.embedded.TemporaryDirectory;
import booking.schemas.command.Book;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** While PostgreSQL is away the processor waits, and says that it is not ready; afterwards it goes on by itself. */
class DatabaseAwayIT {
    private static final String OURS = "usename = 'booking_app'";

    private final TemporaryDirectory directory = TemporaryDirectory.create("database-away-");
    private final PostgresOptions options =
            PostgresOptions.in(directory.path()).withPort(PortRequest.any()).notDurable();
    private EmbeddedPostgres postgres = EmbeddedPostgres.start(options);
    private final BookingSystem system =
            new BookingSystem(EmbeddedServers.shared().kafka(), postgres, Map.of());

    @BeforeAll
    static void threadsMayFail() {
        // They are replaced then, and what counts is what comes of it.
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterAll
    static void threadsMayNotFail() {
        Awaitility.reset();
    }

    @AfterEach
    void stop() {
        try {
            system.close();
        } finally {
            postgres.close();
            directory.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"optimistic", "pessimistic"})
    void everyCommandIsAnsweredOnceWhenTheServerIsKilledAndStartedAgain(String locking) {
        system.environment().put("BOOKING_LOCKING", locking);
        ProcessorApplication processor = system.startProcessor();
        try (Load load = Load.start(system)) {
            for (int kill = 0; kill < 2; kill++) {
                load.awaitMoreBookings(500);
                Readiness.await(processor);

                postgres.kill();

                Readiness.await(processor, 503, "\"database\":\"DOWN\"");
                postgres = EmbeddedPostgres.start(options);
                Readiness.await(processor);
            }
            load.awaitMoreBookings(500);
            load.requireEveryCommandAnsweredOnce();
        }
        assertThat(processor.failure()).isNotDone();
    }

    @Test
    void everyCommandIsAnsweredOnceWhenSessionsAreEnded() {
        ProcessorApplication processor = system.startProcessor();
        try (Load load = Load.start(system)) {
            for (int end = 0; end < 20; end++) {
                load.awaitMoreBookings(100);
                // One at work, if there is one.
                long ended = system.count(
                        "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid" + " FROM pg_stat_activity WHERE "
                                + OURS + " ORDER BY state = 'idle', random() LIMIT 1) AS one");
                assertThat(ended).isEqualTo(1);
            }
            load.awaitMoreBookings(500);
            load.requireEveryCommandAnsweredOnce();
        }
        Readiness.await(processor);
        assertThat(processor.failure()).isNotDone();
    }

    @Test
    void aProcessorCanBeStoppedMeanwhile() {
        ProcessorApplication processor = system.startProcessor();
        try (Load load = Load.start(system)) {
            load.awaitMoreBookings(500);
            postgres.kill();
            Readiness.await(processor, 503, "\"database\":\"DOWN\"");

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> system.stop(processor));

            assertThat(stopped).succeedsWithin(BookingSystem.PATIENCE);
            await("its threads have ended")
                    .atMost(BookingSystem.PATIENCE)
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                            .noneMatch(thread -> thread.getName()
                                    .contains(system.environment().get("BOOKING_PROCESSOR_GROUP"))));
            postgres = EmbeddedPostgres.start(options);
            Readiness.await(system.startProcessor());
            load.requireEveryCommandAnsweredOnce();
        }
    }

    @Test
    void sessionsThatAreReadOnlyAreLeftWhenTheServerNoLongerIs() throws Exception {
        String event = Commands.newEventId();
        ProcessorApplication processor = system.startProcessor();
        system.write(Commands.event(event, 9));
        system.awaitAllDecided();
        // As of a server that is demoted: sessions, and those that are made until another one is promoted.
        execute("ALTER DATABASE booking SET default_transaction_read_only = on");
        endSessions();
        Book book = Commands.book(event, "alice");
        system.write(book);
        await("a session was used")
                .atMost(BookingSystem.PATIENCE)
                .until(() -> serverLog().contains("in a read-only transaction"));

        execute("ALTER DATABASE booking RESET default_transaction_read_only");

        requireBooked(processor, book);
    }

    private void requireBooked(ProcessorApplication processor, Book book) {
        await("booked").atMost(BookingSystem.PATIENCE).untilAsserted(() -> {
            assertThat(processor.failure()).isNotDone();
            assertThat(system.count("SELECT count(*) FROM bookings WHERE id = ?", book.commandId()))
                    .isEqualTo(1);
        });
    }

    private void endSessions() {
        assertThat(system.count("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE " + OURS))
                .isPositive();
    }

    /** As the superuser, also when sessions begin read-only. */
    private void execute(String sql) throws SQLException {
        try (Connection connection =
                        system.dataSource(EmbeddedPostgres.SUPERUSER).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            statement.execute(sql);
        }
    }

    private String serverLog() throws IOException {
        return Files.readString(directory.path().resolve("server.log"));
    }
}
