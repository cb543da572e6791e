package booking.auditor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The tables as they were at one moment. The progress of the partitions is saved together with what was decided, so this
 * is the state after exactly the commands before it, even while the system works on.
 */
final class TableSnapshot implements AutoCloseable {
    private static final int ROWS_AT_ONCE = 2_000;

    // A role or a server may cut what takes long; an audit does.
    private static final String TAKE_YOUR_TIME = """
            SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN
                ('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout')
            """;

    private static final String PROGRESS = "SELECT partition, next_offset FROM partition_progress WHERE topic_id = ?";

    private static final String OTHER_TOPICS =
            "SELECT count(*) FROM partition_progress WHERE topic_id <> ? AND next_offset > 0";

    /** Each event with the sums of what belongs to it, and what belongs to no event. */
    static final String COUNTERS = """
            SELECT coalesce(e.id, b.event_id, w.event_id) AS event_id, e.id IS NULL AS has_no_event,
                e.capacity, e.confirmed, e.held, e.waiting,
                coalesce(b.confirmed, 0) AS booked_confirmed, coalesce(b.held, 0) AS booked_held,
                coalesce(w.waiting, 0) AS in_line
            FROM events AS e
            FULL JOIN (
                SELECT event_id, sum(quantity) FILTER (WHERE status = 'CONFIRMED') AS confirmed,
                    sum(quantity) FILTER (WHERE status = 'HELD') AS held
                FROM bookings GROUP BY event_id) AS b ON b.event_id = e.id
            FULL JOIN (SELECT event_id, count(*) AS waiting FROM waitlist GROUP BY event_id) AS w
                ON w.event_id = coalesce(e.id, b.event_id)
            """;

    static final String SHARED_SLOTS = """
            SELECT venue, date, string_agg(id, ', ' ORDER BY id) AS ids FROM events
            GROUP BY venue, date HAVING count(*) > 1
            """;

    static final String EVENTS = """
            SELECT id, name, date, venue, status, version, capacity, confirmed, held, waiting, per_user_limit,
                sales_open_at, sales_close_at, created_at, updated_at
            FROM events ORDER BY id COLLATE "C"
            """;

    static final String BOOKINGS = """
            SELECT id, event_id, user_id, quantity, status, hold_expires_at, created_at, updated_at
            FROM bookings ORDER BY id
            """;

    static final String WAITLIST = "SELECT id, event_id, user_id, quantity, place, joined_at FROM waitlist ORDER BY id";

    static final String OUTCOMES =
            "SELECT command_id, fingerprint, decided_at, result FROM outcomes ORDER BY command_id";

    private static final String OVERDUE_HOLDS = """
            SELECT id, event_id, hold_expires_at FROM bookings
            WHERE status = 'HELD' AND hold_expires_at < ?
            ORDER BY hold_expires_at
            """;

    private final SingleConnectionDataSource connection;
    private final JdbcTemplate jdbc;
    private final Instant takenAt;

    private TableSnapshot(SingleConnectionDataSource connection) {
        this.connection = connection;
        this.jdbc = new JdbcTemplate(connection);
        jdbc.setFetchSize(ROWS_AT_ONCE);
        // The first statement of the transaction: the tables are seen as they are now.
        this.takenAt = Objects.requireNonNull(jdbc.queryForObject("SELECT now()", OffsetDateTime.class))
                .toInstant();
    }

    /** Takes it. */
    static TableSnapshot take(AuditSettings settings) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(settings.databaseUrl());
        database.setUser(settings.databaseUser());
        settings.databasePassword().ifPresent(database::setPassword);
        database.setApplicationName("booking-audit");
        try {
            Connection session = database.getConnection();
            SingleConnectionDataSource connection = new SingleConnectionDataSource(session, true);
            new JdbcTemplate(connection).query(TAKE_YOUR_TIME, (RowCallbackHandler) row -> {});
            session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            session.setReadOnly(true);
            session.setAutoCommit(false);
            return new TableSnapshot(connection);
        } catch (SQLException | DataAccessException e) {
            throw new AuditFailedException(
                    "cannot read the database " + settings.databaseUrl().replaceAll("\\?.*", "") + " as "
                            + settings.databaseUser() + ": " + e.getMessage(),
                    e);
        }
    }

    /** The database's time when it was taken. */
    Instant takenAt() {
        return takenAt;
    }

    /** For each partition of this topic the first offset that was not decided yet. */
    SortedMap<Integer, Long> progress(UUID topicId) {
        SortedMap<Integer, Long> progress = new TreeMap<>();
        read(PROGRESS, row -> progress.put(row.getInt(1), row.getLong(2)), topicId);
        return progress;
    }

    /** Whether the tables also hold what was decided from other topics. */
    boolean knowsOtherTopics(UUID topicId) {
        return Objects.requireNonNull(jdbc.queryForObject(OTHER_TOPICS, Long.class, topicId)) > 0;
    }

    /** The holds that ran out before this time and still take seats, one after the other. */
    void readHoldsThatRanOutBefore(Instant time, RowCallbackHandler rows) {
        read(OVERDUE_HOLDS, rows, OffsetDateTime.ofInstant(time, ZoneOffset.UTC));
    }

    /** Reads rows one after the other. */
    void read(String query, RowCallbackHandler rows, Object... parameters) {
        jdbc.query(query, rows, parameters);
    }

    /** These columns of a row as text; what is NULL is left out. */
    static Map<String, String> texts(ResultSet row, String... columns) throws SQLException {
        Map<String, String> texts = new HashMap<>();
        for (String column : columns) {
            Object value = row.getObject(column);
            if (value instanceof java.sql.Timestamp) {
                value = row.getObject(column, OffsetDateTime.class).toInstant();
            }
            if (value != null) {
                texts.put(column, value.toString());
            }
        }
        return texts;
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    @Override
    public void close() {
        connection.destroy();
    }
}
