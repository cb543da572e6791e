package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.command.Command;
import booking.schemas.result.Accepted;
import booking.schemas.result.Position;
import booking.schemas.result.Reason;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twenty others book directly in the tables while commands flow: nothing is oversold, and counters equal rows. */
class ForeignWritersIT {
    private static final int COMMANDS = 20_000;
    private static final int WRITERS = 20;
    private static final String CHECK_VIOLATION = "23514";
    private static final String FOREIGNER = "foreign writer";

    @ParameterizedTest
    @ValueSource(strings = {"optimistic", "pessimistic"})
    void neverSellAPlaceTwice(String locking) throws Exception {
        try (BookingSystem system = new BookingSystem(Map.of("BOOKING_LOCKING", locking))) {
            // Capacities that both sides exhaust together, one event of a single place, and a hot one.
            Map<String, Integer> capacities = new LinkedHashMap<>();
            List.of(1, 300, 2_000, 15_000).forEach(capacity -> capacities.put(Commands.newEventId(), capacity));
            List<String> events = List.copyOf(capacities.keySet());
            Set<Position> created = new HashSet<>();
            capacities.forEach(
                    (event, capacity) -> created.add(position(system.send(Commands.event(event, capacity)))));
            system.startProcessor();
            system.results(events.size());

            AtomicBoolean done = new AtomicBoolean();
            ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
            try {
                List<Future<Integer>> written = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    int writer = i;
                    written.add(writers.submit(() -> bookDirectly(system, events, writer, done)));
                }
                Set<Position> sent = send(system, events);
                sent.addAll(created);
                Dispositions answers = system.dispositions();
                done.set(true);
                int foreign = 0;
                for (Future<Integer> bookings : written) {
                    foreign += bookings.get();
                }

                answers.requireExactlyOneFor(sent);
                assertThat(foreign).as("places that the others got").isPositive();
                requireAcceptedAreTheRows(system, answers.results(), events);
                System.out.println(locking + ": " + foreign + " places booked by others, "
                        + conflicts(answers.results()) + " of " + COMMANDS + " commands refused with VERSION_CONFLICT");
            } finally {
                done.set(true);
                writers.shutdownNow();
            }
            for (String event : events) {
                long rows = system.count(
                        "SELECT coalesce(sum(quantity), 0) FROM bookings WHERE event_id = ? AND status = 'CONFIRMED'",
                        event);
                assertThat(system.count("SELECT confirmed FROM events WHERE id = ?", event))
                        .as("the counter of an event, and its rows")
                        .isEqualTo(rows)
                        .isLessThanOrEqualTo(capacities.getOrDefault(event, 0));
            }
        }
    }

    private static Set<Position> send(BookingSystem system, List<String> events) {
        Random random = new Random(7);
        List<Command> books = new ArrayList<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
            Command command;
            if (i % 10 == 9) {
                Command booked = books.get(random.nextInt(books.size()));
                command = Commands.cancel(booked.eventId(), booked.commandId());
            } else {
                command = Commands.book(events.get(random.nextInt(events.size())), "user-" + i);
                books.add(command);
            }
            sent.add(system.send(command));
        }
        Set<Position> positions = new HashSet<>();
        sent.forEach(metadata -> positions.add(position(metadata)));
        return positions;
    }

    private static Position position(Future<RecordMetadata> sent) {
        RecordMetadata at = BookingSystem.position(sent);
        return new Position(at.partition(), at.offset());
    }

    private static void requireAcceptedAreTheRows(BookingSystem system, List<Result> results, List<String> events) {
        Set<UUID> accepted = new HashSet<>();
        for (Result result : results) {
            if (result instanceof Accepted
                    && result.commandId().equals(result.booking().orElse(null))) {
                accepted.add(result.commandId());
            }
        }
        Set<UUID> rows = new HashSet<>();
        events.forEach(event -> rows.addAll(system.sql()
                .sql("SELECT id FROM bookings WHERE event_id = ? AND user_id <> ?")
                .params(event, FOREIGNER)
                .query(UUID.class)
                .list()));
        assertThat(rows).isEqualTo(accepted);
    }

    private static long conflicts(List<Result> results) {
        return results.stream()
                .filter(result -> result instanceof Rejected rejected && rejected.reason() == Reason.VERSION_CONFLICT)
                .count();
    }

    /** Books as an application would that shares the tables: some lock the row, some check the version, some do neither. */
    private static int bookDirectly(BookingSystem system, List<String> events, int writer, AtomicBoolean done)
            throws SQLException {
        Random random = new Random(writer);
        int booked = 0;
        try (Connection connection = system.dataSource("booking_app").getConnection()) {
            connection.setAutoCommit(false);
            while (!done.get()) {
                String event = events.get(random.nextInt(events.size()));
                boolean saved = book(connection, event, writer);
                if (saved) {
                    connection.commit();
                    booked++;
                } else {
                    connection.rollback();
                }
            }
        }
        return booked;
    }

    private static boolean book(Connection connection, String event, int writer) throws SQLException {
        try {
            return switch (writer % 3) {
                case 0 -> bookWithLock(connection, event);
                case 1 -> bookWithVersion(connection, event);
                default -> bookWithoutVersion(connection, event);
            };
        } catch (SQLException e) {
            // Who trusts a version while others do not change it: the table is the last guard.
            if (CHECK_VIOLATION.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private static boolean bookWithLock(Connection connection, String event) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT confirmed + held < capacity FROM events WHERE id = ? FOR UPDATE")) {
            lock.setString(1, event);
            try (ResultSet row = lock.executeQuery()) {
                if (!row.next() || !row.getBoolean(1)) {
                    return false;
                }
            }
        }
        update(connection, "UPDATE events SET confirmed = confirmed + 1, version = version + 1 WHERE id = ?", event);
        return insert(connection, event);
    }

    private static boolean bookWithVersion(Connection connection, String event) throws SQLException {
        long version;
        try (PreparedStatement read = connection.prepareStatement(
                "SELECT version FROM events WHERE id = ? AND confirmed + held < capacity")) {
            read.setString(1, event);
            try (ResultSet row = read.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
                version = row.getLong(1);
            }
        }
        return update(
                        connection,
                        "UPDATE events SET confirmed = confirmed + 1, version = version + 1 WHERE id = ? AND version = "
                                + version,
                        event)
                && insert(connection, event);
    }

    /** A rude one: it changes the counter and leaves the version as it is. */
    private static boolean bookWithoutVersion(Connection connection, String event) throws SQLException {
        return update(
                        connection,
                        "UPDATE events SET confirmed = confirmed + 1 WHERE id = ? AND confirmed + held < capacity",
                        event)
                && insert(connection, event);
    }

    private static boolean update(Connection connection, String sql, String event) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setString(1, event);
            return update.executeUpdate() == 1;
        }
    }

    private static boolean insert(Connection connection, String event) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO bookings (event_id, user_id, one_place) SELECT id, ?, one_place FROM events WHERE id = ?")) {
            insert.setString(1, FOREIGNER);
            insert.setString(2, event);
            return insert.executeUpdate() == 1;
        }
    }
}
