package booking.benchmark.tables;

import static org.assertj.core.api.Assertions.assertThat;

import booking.benchmark.tables.PlainTables.Seats;
import booking.embedded.EmbeddedPostgres;
import booking.embedded.PortRequest;
import booking.embedded.PostgresOptions;
import booking.embedded.TemporaryDirectory;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The alternatives do right, and as quickly as they can. */
class PlainTablesIT {
    private static final String EVENT = "an-event";

    private static TemporaryDirectory directory;
    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        directory = TemporaryDirectory.create("plain-tables-");
        postgres = EmbeddedPostgres.start(
                PostgresOptions.in(directory.path()).withPort(PortRequest.any()).notDurable());
        try (InputStream script = Objects.requireNonNull(
                        PlainTables.class.getResourceAsStream("/booking/benchmark/tables/plain.sql"));
                Connection connection = connect(EmbeddedPostgres.OWNER);
                Statement statement = connection.createStatement()) {
            statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @AfterAll
    static void stop() {
        try {
            postgres.close();
        } finally {
            directory.close();
        }
    }

    @BeforeEach
    void makeAnEventOfTwoSeats() throws SQLException {
        try (Connection connection = connect(EmbeddedPostgres.SUPERUSER);
                Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE events, bookings, waitlist");
            statement.execute(
                    "INSERT INTO events (id, name, date, capacity) VALUES ('" + EVENT + "', 'An event', now(), 2)");
        }
    }

    @ParameterizedTest
    @EnumSource(Locking.class)
    void seatsAreGivenUntilThereAreNoneAndTheSameRequestGetsTheSameAnswer(Locking locking) throws SQLException {
        PlainTables tables = new PlainTables(locking);
        Seats first = seat();
        Seats second = seat();
        Seats third = seat();
        try (Connection connection = connect(EmbeddedPostgres.APPLICATION)) {
            for (Seats seats : List.of(first, first, second)) {
                assertThat(tables.take(connection, seats)).isEqualTo(Outcome.ACCEPTED);
            }
            assertThat(tables.take(connection, third)).isEqualTo(Outcome.REFUSED);
            assertThat(tables.take(connection, first)).isEqualTo(Outcome.ACCEPTED);
            assertThat(booked()).isEqualTo(2);

            assertThat(tables.cancel(connection, EVENT, first.id())).isEqualTo(Outcome.ACCEPTED);
            assertThat(tables.take(connection, third)).isEqualTo(Outcome.ACCEPTED);
            assertThat(booked()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPTIMISTIC", "CONDITIONAL"})
    void itTakesOneStatementToSayThatAllIsTaken(Locking locking) throws SQLException {
        PlainTables tables = new PlainTables(locking);
        AtomicInteger prepared = new AtomicInteger();
        try (Connection connection = connect(EmbeddedPostgres.APPLICATION)) {
            tables.take(connection, seat());
            tables.take(connection, seat());

            Outcome outcome = tables.take(counting(connection, prepared), seat());

            assertThat(outcome).isEqualTo(Outcome.REFUSED);
            assertThat(prepared).hasValue(1);
        }
    }

    @Test
    void aPoolThatHasTheSizeKeepsItsConnections() throws SQLException {
        try (PlainPool pool =
                new PlainPool(postgres.jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.APPLICATION), 1)) {
            int before = session(pool);

            pool.resize(1);

            assertThat(session(pool)).isEqualTo(before);
        }
    }

    private static int session(PlainPool pool) throws SQLException {
        try (Connection connection = pool.connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Connection counting(Connection connection, AtomicInteger prepared) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        prepared.incrementAndGet();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Seats seat() {
        return new Seats(UUID.randomUUID(), EVENT, "somebody", 1, 0);
    }

    private static int booked() throws SQLException {
        try (Connection connection = connect(EmbeddedPostgres.SUPERUSER);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT booked FROM events")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Connection connect(String user) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(EmbeddedPostgres.DATABASE, user));
    }
}
