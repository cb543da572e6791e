package booking.processor.store;

import booking.configuration.DatabaseSettings;
import booking.processor.TimeoutLadder;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The connections to PostgreSQL, with the timeouts that every statement and transaction has. */
public final class BookingDatabase implements AutoCloseable {
    private static final Duration CONNECT_WAIT = Duration.ofSeconds(5);

    private final HikariDataSource connections;

    /**
     * Connects.
     *
     * @throws RuntimeException when the database does not answer within 30 s, and at once when it refuses us
     */
    public BookingDatabase(DatabaseSettings settings) {
        DatabaseStart.await(settings.url(), settings.user(), settings.password());
        HikariConfig config = new HikariConfig();
        config.setPoolName("booking-processor");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        settings.password().ifPresent(config::setPassword);
        config.setMaximumPoolSize(settings.poolSize());
        config.setConnectionTimeout(CONNECT_WAIT.toMillis());
        config.setExceptionOverride(new ReadOnlySessions());
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.addDataSourceProperty("ApplicationName", "booking-processor");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectTimeout", CONNECT_WAIT.toSeconds());
        // A server whose host is gone does not answer at all; longer than any statement may take.
        config.addDataSourceProperty("socketTimeout", TimeoutLadder.IDLE_IN_TRANSACTION.toSeconds());
        // What the server says in detail is the content of a row, and who is in it must not get into a log.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        config.setConnectionInitSql(String.format(
                Locale.ROOT,
                "SET lock_timeout = %d; SET statement_timeout = %d; SET idle_in_transaction_session_timeout = %d",
                TimeoutLadder.LOCK.toMillis(),
                TimeoutLadder.STATEMENT.toMillis(),
                TimeoutLadder.IDLE_IN_TRANSACTION.toMillis()));
        this.connections = new HikariDataSource(config);
    }

    /** Reports how the connections are used, as {@code hikaricp_}. */
    public void reportTo(MeterRegistry meters) {
        connections.setMetricRegistry(meters);
    }

    /** The statements, on these connections. */
    public BookingStore store() {
        return new BookingStore(new JdbcTemplate(connections));
    }

    /**
     * Transactions on these connections. Their isolation is READ COMMITTED: what has to hold is said in conditions and
     * constraints, not left to the isolation.
     */
    public TransactionTemplate transactions() {
        return new TransactionTemplate(new JdbcTransactionManager(connections));
    }

    /** Whether the database answers right now. */
    public boolean isReachable() {
        try (Connection connection = connections.getConnection()) {
            return connection.isValid((int) CONNECT_WAIT.toSeconds());
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        connections.close();
    }
}
