package booking.processor.desk;

import booking.configuration.DatabaseSettings;
import booking.embedded.EmbeddedPostgres;
import booking.embedded.SharedServers;
import booking.processor.BookingSystem;
import booking.processor.store.BookingDatabase;
import booking.processor.store.BookingStore;
import booking.processor.store.Locking;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A desk on the shared PostgreSQL, in a database of its own: its log is in the past, and a running processor would find
 * that all its holds have run out. Several at the same topic are successors of one another.
 */
final class RealDesk {
    private static final String DATABASE_NAME = "desk";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Desk desk;

    RealDesk(Locking locking, UUID topicId) {
        this(locking, topicId, transactions());
    }

    RealDesk(Locking locking, UUID topicId, TransactionTemplate transactions) {
        this(locking, topicId, transactions, store());
    }

    RealDesk(Locking locking, UUID topicId, TransactionTemplate transactions, BookingStore store) {
        desk = new Desk(transactions, store, locking, topicId, PATIENCE);
    }

    static TransactionTemplate transactions() {
        return Shared.DATABASE.transactions();
    }

    static BookingStore store() {
        return Shared.DATABASE.store();
    }

    Map<Integer, BatchAnswers> decide(List<CommandBatch> poll) {
        return desk.decide(poll);
    }

    /** Statements as the superuser. */
    static JdbcClient sql() {
        return JdbcClient.create(dataSource());
    }

    /** Connections as the superuser, one for each use. */
    static DataSource dataSource() {
        return new DriverManagerDataSource(url(EmbeddedPostgres.SUPERUSER));
    }

    /** Where its database is, for the processor's role. */
    static String url() {
        Objects.requireNonNull(Shared.DATABASE, "the tables are made");
        return url(EmbeddedPostgres.APPLICATION);
    }

    private static String url(String user) {
        return SharedServers.get().jdbcUrl(DATABASE_NAME, user);
    }

    /** The tables, and connections to them, made when the first asks. */
    private static final class Shared {
        static final BookingDatabase DATABASE;

        static {
            JdbcClient.create(new DriverManagerDataSource(
                            SharedServers.get().jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.SUPERUSER)))
                    .sql("CREATE DATABASE " + DATABASE_NAME + " OWNER " + EmbeddedPostgres.OWNER)
                    .update();
            new BookingSystem(Map.of(
                            "BOOKING_TOPICS_PARTITIONS",
                            "1",
                            "BOOKING_DATABASE_URL",
                            url(EmbeddedPostgres.APPLICATION).replaceAll("\\?.*", "")))
                    .close();
            DATABASE = new BookingDatabase(new DatabaseSettings(
                    url(EmbeddedPostgres.APPLICATION), EmbeddedPostgres.APPLICATION, Optional.empty(), 8));
        }
    }
}
