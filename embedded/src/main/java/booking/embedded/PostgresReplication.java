package booking.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What makes two servers a primary and a synchronous standby. */
final class PostgresReplication {
    /** What a standby calls itself. */
    static final String STANDBY = "standby";

    private static final Duration WAIT = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private PostgresReplication() {}

    static void requireStandby(String primaryUrl) {
        try (Connection connection = DriverManager.getConnection(primaryUrl);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET synchronous_standby_names = '" + STANDBY + "'");
            statement.execute("SELECT pg_reload_conf()");
            long deadline = System.nanoTime() + WAIT.toNanos();
            while (!isTrue(statement, "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')")) {
                if (System.nanoTime() - deadline > 0) {
                    throw new EmbeddedServerException("no standby came within " + WAIT.toSeconds() + " s");
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        } catch (SQLException e) {
            throw new EmbeddedServerException("cannot have the primary wait for a standby: " + e.getMessage(), e);
        }
    }

    static void promote(String standbyUrl) {
        try (Connection connection = DriverManager.getConnection(standbyUrl);
                Statement statement = connection.createStatement()) {
            if (!isTrue(statement, "SELECT pg_promote(true, " + WAIT.toSeconds() + ")")) {
                throw new EmbeddedServerException("the standby was not promoted within " + WAIT.toSeconds() + " s");
            }
        } catch (SQLException e) {
            throw new EmbeddedServerException("cannot promote the standby: " + e.getMessage(), e);
        }
    }

    private static boolean isTrue(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            return row.next() && row.getBoolean(1);
        }
    }
}
