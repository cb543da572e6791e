package booking.benchmark;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One database that is measured in, as somebody sees it who may do everything.
 *
 * @param rowsBefore how many bookings it is to have before each run
 * @param url where, as superuser
 * @param applicationUrl where, as the application
 */
record Database(Contender.Tables tables, long rowsBefore, String url, String applicationUrl) {
    private static final int SEATS_OF_A_PAST_EVENT = 1_000;

    private static final String INDEXES = """
            SELECT indexname, indexdef FROM pg_indexes
            WHERE tablename IN ('bookings', 'outcomes') AND indexname NOT IN (SELECT conname FROM pg_constraint)
            """;

    private static final String MAKE_EVENTS = """
            INSERT INTO events (id, name, date, venue, capacity)
            SELECT ? || '-' || number - 1, 'An event', now() + number * interval '1 minute', ?, capacity
            FROM unnest(?) WITH ORDINALITY AS made (capacity, number)
            """;

    private static final String MADE = """
            SELECT count(*) FILTER (WHERE user_id LIKE 'u%'),
                count(*) FILTER (WHERE user_id LIKE 'u%' AND status = 'CANCELLED')
            FROM bookings WHERE event_id LIKE ?
            """;

    private static final String MISCOUNTED = """
            SELECT count(*) FROM events AS e LEFT JOIN (
                SELECT event_id, sum(quantity) AS seats FROM bookings
                WHERE event_id LIKE ? AND status IN ('HELD', 'CONFIRMED') GROUP BY event_id) AS live ON live.event_id = e.id
            WHERE e.id LIKE ? AND (%1$s <> coalesce(live.seats, 0) OR coalesce(live.seats, 0) > e.capacity)
            """;

    /**
     * Fills the tables with the bookings of past events, and with as many outcomes where there are any. Indexes are
     * made afterwards, which is quicker and leaves them as compact as they can be.
     */
    void fill() {
        if (rowsBefore == 0) {
            return;
        }
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            // The rows are right; foreign keys need not be looked up.
            statement.execute("SET session_replication_role = replica");
            statement.execute("SET maintenance_work_mem = '512MB'");
            statement.execute("SET work_mem = '512MB'");
            List<String> indexes = dropIndexes(connection);
            boolean engine = tables == Contender.Tables.ENGINE;
            long events = (rowsBefore + SEATS_OF_A_PAST_EVENT - 1) / SEATS_OF_A_PAST_EVENT;
            statement.execute(
                    "INSERT INTO events (id, name, date, venue, capacity, " + (engine ? "confirmed" : "booked")
                            + ") SELECT 'past-' || i, 'Past event', '2020-01-01Z'::timestamptz + i * interval '1 minute', 'past', "
                            + SEATS_OF_A_PAST_EVENT + ", " + SEATS_OF_A_PAST_EVENT + " FROM generate_series(1, "
                            + events + ") AS i");
            // In the order of their ids, so that the primary key grows at its end.
            String ids = "(SELECT gen_random_uuid() AS id, i FROM generate_series(0, " + (rowsBefore - 1)
                    + ") AS i ORDER BY 1) AS past";
            statement.execute(
                    "INSERT INTO bookings (id, event_id, user_id, status, created_at, one_place) SELECT id, 'past-'"
                            + " || 1 + i / " + SEATS_OF_A_PAST_EVENT
                            + ", 'past-user-' || i % 1000003, 'CONFIRMED', '2020-01-01Z'::timestamptz + i * interval '1 second', false"
                            + " FROM " + ids);
            if (engine) {
                statement.execute("INSERT INTO outcomes (command_id, fingerprint, decided_at, result) SELECT id,"
                        + " uuid_send(id), now() - interval '1 hour', '{\"type\":\"book\",\"commandId\":\"' || id ||"
                        + " '\",\"eventId\":\"past\",\"outcome\":\"ACCEPTED\",\"bookingId\":\"' || id || '\"'"
                        + " || repeat(' ', 250) || '}' FROM " + ids);
            }
            for (String index : indexes) {
                statement.execute(index);
            }
            statement.execute("VACUUM ANALYZE");
            statement.execute("CHECKPOINT");
        } catch (SQLException e) {
            throw new BenchmarkException("cannot fill the tables: " + e.getMessage(), e);
        }
    }

    private static List<String> dropIndexes(Connection connection) throws SQLException {
        List<String> definitions = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(INDEXES)) {
            while (row.next()) {
                names.add(row.getString(1));
                definitions.add(row.getString(2));
            }
        }
        try (Statement statement = connection.createStatement()) {
            for (String name : names) {
                statement.execute("DROP INDEX " + name);
            }
        }
        return definitions;
    }

    /**
     * Makes the events of a run. What earlier runs left is removed first, unless the tables are to have rows already, and
     * what is to be written to disk is written, so that each run begins alike.
     */
    void prepare(String run, Workload workload) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (rowsBefore == 0) {
                statement.execute("TRUNCATE events, bookings, waitlist"
                        + (tables == Contender.Tables.ENGINE ? ", outcomes" : ""));
            }
            try (PreparedStatement make = connection.prepareStatement(MAKE_EVENTS)) {
                make.setString(1, run);
                make.setString(2, run);
                make.setArray(
                        3,
                        connection.createArrayOf("int4", workload.capacities().toArray(Integer[]::new)));
                make.executeUpdate();
            }
            statement.execute("CHECKPOINT");
        } catch (SQLException e) {
            throw new BenchmarkException("cannot prepare a run: " + e.getMessage(), e);
        }
    }

    /** What is wrong with the tables after a run, given what was answered; nothing when they are right. */
    List<String> faults(String run, Contender contender, Tally tally) {
        List<String> faults = new ArrayList<>();
        String ofRun = run + "-%";
        String counted = tables == Contender.Tables.ENGINE ? "e.confirmed + e.held" : "e.booked";
        try (Connection connection = DriverManager.getConnection(url);
                Statement settings = connection.createStatement();
                PreparedStatement made = connection.prepareStatement(MADE);
                PreparedStatement miscounted = connection.prepareStatement(MISCOUNTED.formatted(counted))) {
            // The tables were filled a moment ago, and nothing is known of them: without this each event of ten
            // thousand would
            // be looked for among all others.
            settings.execute("SET enable_nestloop = off");
            made.setString(1, ofRun);
            try (ResultSet row = made.executeQuery()) {
                row.next();
                if (row.getLong(1) != tally.seatsGiven()) {
                    faults.add("bookings in the tables: " + row.getLong(1) + ", granted: " + tally.seatsGiven());
                }
                if (contender != Contender.LIMIT && row.getLong(2) != tally.cancelled()) {
                    faults.add("cancelled in the tables: " + row.getLong(2) + ", granted: " + tally.cancelled());
                }
            }
            miscounted.setString(1, ofRun);
            miscounted.setString(2, ofRun);
            try (ResultSet row = miscounted.executeQuery()) {
                row.next();
                if (row.getLong(1) > 0) {
                    faults.add("events oversold or miscounted: " + row.getLong(1));
                }
            }
        } catch (SQLException e) {
            throw new BenchmarkException("cannot check the tables: " + e.getMessage(), e);
        }
        return faults;
    }
}
