package booking.benchmark;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.EmbeddedServers;
import booking.embedded.KafkaOptions;
import booking.embedded.PortRequest;
import booking.embedded.PostgresOptions;
import booking.embedded.Undisturbed;
import booking.processor.setup.Setup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The broker and the database server that all share, durable and with the settings that {@code ./booking start} gives them. */
final class Servers implements AutoCloseable {
    private final EmbeddedServers servers;
    private final Path directory;
    private final Map<String, Database> databases = new HashMap<>();

    private Servers(EmbeddedServers servers, Path directory) {
        this.servers = servers;
        this.directory = directory;
    }

    static Servers start(Path directory) {
        return new Servers(
                EmbeddedServers.start(
                        KafkaOptions.in(directory.resolve("kafka")).withPort(PortRequest.any()),
                        PostgresOptions.in(directory.resolve("postgresql"))
                                .withPort(PortRequest.any())
                                // The sessions of all systems side by side.
                                .withSetting("max_connections", "300")),
                directory);
    }

    String bootstrapServers() {
        return servers.kafka().bootstrapServers();
    }

    /** The broker and the database server; sessions of the latter are its children. */
    List<ProcessHandle> processes() {
        return List.of(servers.kafka().process(), servers.postgres().process());
    }

    /**
     * Tells whether both are there.
     *
     * @throws BenchmarkException when one has ended
     */
    void requireAlive() {
        if (!processes().stream().allMatch(ProcessHandle::isAlive)) {
            throw new BenchmarkException("Kafka or PostgreSQL has ended by itself; their logs are below " + directory);
        }
    }

    /** The database of a system, with so many bookings in it; made and filled when it is asked for first. */
    Database database(Contender contender, long rows) {
        String name = contender.name().toLowerCase(Locale.ROOT) + "_" + rows;
        return databases.computeIfAbsent(name, missing -> make(missing, contender.tables(), rows));
    }

    private Database make(String name, Contender.Tables tables, long rows) {
        try (Connection connection =
                        DriverManager.getConnection(url(EmbeddedPostgres.SUPERUSER, EmbeddedPostgres.SUPERUSER));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " OWNER " + EmbeddedPostgres.OWNER
                    + " TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
        } catch (SQLException e) {
            throw new BenchmarkException("cannot make a database: " + e.getMessage(), e);
        }
        if (tables == Contender.Tables.ENGINE) {
            Setup.makeTables(
                    url(name, EmbeddedPostgres.OWNER),
                    EmbeddedPostgres.OWNER,
                    Optional.empty(),
                    EmbeddedPostgres.APPLICATION,
                    EmbeddedPostgres.READER);
        } else {
            makePlainTables(url(name, EmbeddedPostgres.OWNER));
        }
        Database database = new Database(
                tables, rows, url(name, EmbeddedPostgres.SUPERUSER), url(name, EmbeddedPostgres.APPLICATION));
        database.fill();
        return database;
    }

    private static void makePlainTables(String url) {
        try (var script = Objects.requireNonNull(Servers.class.getResourceAsStream("tables/plain.sql"));
                Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new BenchmarkException("cannot make the tables of the alternatives: " + e.getMessage(), e);
        }
    }

    private String url(String database, String user) {
        return servers.postgres().jdbcUrl(database, user);
    }

    @Override
    public void close() {
        Undisturbed.run(servers::close);
    }
}
