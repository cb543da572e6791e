package booking.standalone.audit;

import booking.configuration.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** One moment of a database, however long it is read: all that its processors had committed by then, and nothing later. */
final class Snapshot implements AutoCloseable {
    private static final int ROWS_AT_ONCE = 1_000;

    private static final String COLUMNS = """
            SELECT table_name || '.' || column_name || ' ' || data_type FROM information_schema.columns
            WHERE table_schema = current_schema() AND table_name = ANY (?) ORDER BY table_name, ordinal_position
            """;

    private final Connection connection;

    private Snapshot(Connection connection) {
        this.connection = connection;
    }

    static Snapshot of(DatabaseSettings database) throws SQLException {
        Connection connection = connect(database);
        try {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                // The roles of services have timeouts, which a replay outlasts. The zone is part of what is compared.
                statement.execute("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
                        + " SET TimeZone = 'UTC'");
            }
            // The snapshot is taken by the first statement of the transaction.
            connection.commit();
            return new Snapshot(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    static Connection connect(DatabaseSettings database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        database.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", "booking-replay");
        return DriverManager.getConnection(database.url(), properties);
    }

    /** For each partition of this topic the first offset that is not decided yet. */
    SortedMap<Integer, Long> progress(UUID topicId) throws SQLException {
        SortedMap<Integer, Long> progress = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT partition, next_offset FROM partition_progress WHERE topic_id = ?")) {
            statement.setObject(1, topicId);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    progress.put(rows.getInt(1), rows.getLong(2));
                }
            }
        }
        return progress;
    }

    /** The other topics whose commands were decided in these tables. */
    List<UUID> otherTopics(UUID topicId) throws SQLException {
        List<UUID> others = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT DISTINCT topic_id FROM partition_progress WHERE topic_id <> ? AND next_offset > 0")) {
            statement.setObject(1, topicId);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    others.add(rows.getObject(1, UUID.class));
                }
            }
        }
        return others;
    }

    /** The names and types of the columns of all tables. */
    List<String> columns() throws SQLException {
        List<String> columns = new ArrayList<>();
        List<String> tables = new ArrayList<>();
        for (AuditedTable table : AuditedTable.values()) {
            tables.add(table.tableName());
        }
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
        }
        return columns;
    }

    /** When it was taken, by the clock of the database. */
    Instant takenAt() throws SQLException {
        return time("SELECT now()").orElseThrow();
    }

    /** When the oldest outcome that is kept was decided. */
    Optional<Instant> oldestOutcome() throws SQLException {
        return time("SELECT min(decided_at) FROM outcomes");
    }

    private Optional<Instant> time(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return Optional.ofNullable(row.getObject(1, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
        }
    }

    /** All rows of a table, in the order of their keys, read as they are asked for. */
    Rows rows(AuditedTable table) throws SQLException {
        Statement statement = connection.createStatement();
        try {
            statement.setFetchSize(ROWS_AT_ONCE);
            return new Rows(statement.executeQuery(table.query()));
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** A row: its key, and all its columns as a JSON object. */
    record Row(String key, String json) {}

    /** Rows, one after the other. */
    static final class Rows implements AutoCloseable {
        private final ResultSet rows;

        private Rows(ResultSet rows) {
            this.rows = rows;
        }

        Optional<Row> next() throws SQLException {
            return rows.next() ? Optional.of(new Row(rows.getString(1), rows.getString(2))) : Optional.empty();
        }

        @Override
        public void close() throws SQLException {
            rows.getStatement().close();
        }
    }
}
