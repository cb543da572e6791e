package booking.standalone.audit;

import booking.configuration.DatabaseSettings;
import booking.embedded.EmbeddedPostgres;
import booking.embedded.PortRequest;
import booking.embedded.PostgresOptions;
import booking.embedded.TemporaryDirectory;
import booking.processor.setup.Setup;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** The database in which the log is decided once more: empty tables, made by the processor's own migrations. */
final class ScratchDatabase implements AutoCloseable {
    private static final int CONNECTIONS = 2;
    private static final String COUNT_TABLES =
            "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";

    private final DatabaseSettings settings;
    private final Runnable afterwards;

    private ScratchDatabase(DatabaseSettings settings, Runnable afterwards) {
        this.settings = settings;
        this.afterwards = afterwards;
    }

    /** Starts a PostgreSQL in a temporary directory; both are gone afterwards. */
    static ScratchDatabase temporary() {
        TemporaryDirectory directory = TemporaryDirectory.create("booking-replay-");
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.start(PostgresOptions.in(directory.path())
                    .withPort(PortRequest.any())
                    .notDurable()
                    // Nothing here has to outlive a crash.
                    .withSetting("synchronous_commit", "off")
                    .withSetting("max_wal_size", "4GB"));
            try {
                DatabaseSettings database = new DatabaseSettings(
                        postgres.jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.OWNER),
                        EmbeddedPostgres.OWNER,
                        Optional.empty(),
                        CONNECTIONS);
                Setup.makeTables(
                        database.url(),
                        EmbeddedPostgres.OWNER,
                        Optional.empty(),
                        EmbeddedPostgres.APPLICATION,
                        EmbeddedPostgres.READER);
                return new ScratchDatabase(database, () -> {
                    postgres.close();
                    directory.close();
                });
            } catch (RuntimeException | Error e) {
                postgres.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            directory.close();
            throw e;
        }
    }

    /**
     * Makes the tables in a database that somebody brings. What is written there stays.
     *
     * @throws CannotReplayException when it is not empty: it may be the very one that is audited
     */
    static ScratchDatabase in(DatabaseSettings database) throws SQLException {
        try (Connection connection = Snapshot.connect(database);
                Statement statement = connection.createStatement();
                ResultSet tables = statement.executeQuery(COUNT_TABLES)) {
            tables.next();
            if (tables.getLong(1) > 0) {
                throw new CannotReplayException("the database to replay into is not empty; give one without tables");
            }
        }
        Setup.makeTables(database.url(), database.user(), database.password(), database.user(), database.user());
        return new ScratchDatabase(database, () -> {});
    }

    DatabaseSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        afterwards.run();
    }
}
