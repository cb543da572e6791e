package booking.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A real PostgreSQL as a child process, on 127.0.0.1 and without passwords.
 *
 * <p>It ends when this process ends, however it ends (on Linux; elsewhere the next start on the same directory ends
 * it), and none of what was left behind keeps the next one from starting.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    public static final String DATABASE = "booking";
    public static final String OWNER = "booking_owner";
    public static final String APPLICATION = "booking_app";
    public static final String READER = "booking_read";
    public static final String SUPERUSER = "postgres";

    // After a crash it may have a gigabyte of its log to work through.
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration SHUTDOWN = Duration.ofSeconds(15);

    private final ServerDirectory directory;
    private final ChildProcess server;
    private final int port;

    private EmbeddedPostgres(ServerDirectory directory, ChildProcess server, int port) {
        this.directory = directory;
        this.server = server;
        this.port = port;
    }

    /**
     * Starts it and waits until it takes connections.
     *
     * @throws EmbeddedServerException when it cannot; {@link PortTakenException} when the port is why
     */
    public static EmbeddedPostgres start(PostgresOptions options) {
        return start(options, PostgresAccount.forThisUser());
    }

    static EmbeddedPostgres start(PostgresOptions options, PostgresAccount account) {
        return start(options, account, Optional.empty());
    }

    /**
     * Starts a standby on a copy of a primary's data, and waits until it takes connections. The data that its directory
     * has, if any, is removed. Started again with {@link #start}, it goes on as what it was when it ended: a standby, or a
     * primary if it was promoted.
     *
     * @param port where the standby reaches the primary, on 127.0.0.1; another than the primary's own where something is
     *     in between
     * @throws EmbeddedServerException when it cannot; {@link PortTakenException} when the port is why
     */
    public static EmbeddedPostgres startStandby(PostgresOptions options, EmbeddedPostgres primary, int port) {
        return start(options, PostgresAccount.forThisUser(), Optional.of(new PostgresCopy(primary, port)));
    }

    private static EmbeddedPostgres start(
            PostgresOptions options, PostgresAccount account, Optional<PostgresCopy> copy) {
        ServerDirectory directory = ServerDirectory.claim("PostgreSQL", options.directory());
        try {
            return start(options, account, directory, copy);
        } catch (RuntimeException | Error e) {
            directory.close();
            throw e;
        }
    }

    private static EmbeddedPostgres start(
            PostgresOptions options, PostgresAccount account, ServerDirectory directory, Optional<PostgresCopy> copy) {
        ServerLog log = directory.newLog("server.log");
        PostgresBinaries binaries = PostgresBinaries.find(options.binaries(), account);
        PostgresDirectory data = new PostgresDirectory(directory, binaries, account);
        if (copy.isPresent()) {
            data.replace(copy.get());
        } else {
            data.prepare(options.durable(), log);
        }
        int port = options.port().choose();
        List<String> command = new ArrayList<>(
                List.of(binaries.postgres().toString(), "-D", data.path().toString()));
        settings(options, port).forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        ChildProcess server = ChildProcess.start("PostgreSQL", account.process(command, log));
        EmbeddedPostgres postgres = new EmbeddedPostgres(directory, server, port);
        try {
            postgres.awaitReady(new PostmasterFile(data.path().resolve("postmaster.pid")), log);
            if (!Files.exists(data.standbySignal())) {
                BookingDatabase.ensure(postgres.jdbcUrl(SUPERUSER, SUPERUSER));
            }
            return postgres;
        } catch (RuntimeException | Error e) {
            server.kill();
            throw e;
        }
    }

    private static Map<String, String> settings(PostgresOptions options, int port) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "listen_addresses", "127.0.0.1",
                "port", Integer.toString(port),
                "unix_socket_directories", "",
                "timezone", "UTC",
                "log_timezone", "UTC",
                // The log is for failures; it is kept in one file.
                "log_checkpoints", "off"));
        if (!options.durable()) {
            settings.putAll(Map.of("fsync", "off", "full_page_writes", "off"));
        }
        settings.putAll(options.settings());
        return settings;
    }

    private void awaitReady(PostmasterFile file, ServerLog log) {
        Await.ready(
                "PostgreSQL",
                START,
                server,
                log,
                () -> file.saysReady(server.handle().pid()));
    }

    /**
     * From now on a commit waits until a standby has it on disk, and for ever when there is none. Waits until one is there.
     *
     * @throws EmbeddedServerException when none comes
     */
    public void requireStandby() {
        PostgresReplication.requireStandby(jdbcUrl(SUPERUSER, SUPERUSER));
    }

    /** Makes a standby a primary, and waits until it is one. The former primary must have ended. */
    public void promote() {
        PostgresReplication.promote(jdbcUrl(SUPERUSER, SUPERUSER));
    }

    /** Where its data is kept. */
    Path data() {
        return directory.resolve(PostgresDirectory.NAME);
    }

    public int port() {
        return port;
    }

    /** Where to connect to a database as a user; there are no passwords. */
    public String jdbcUrl(String database, String user) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + user;
    }

    /** The server's first process, the parent of all its others. */
    public ProcessHandle process() {
        return server.handle();
    }

    /** Ends the server as a crash would, with SIGKILL. It can then be started again on its directory. */
    public void kill() {
        server.kill();
        directory.close();
    }

    /** Shuts the server down without waiting for its clients; what was committed is kept. */
    @Override
    public void close() {
        if (server.isAlive()) {
            server.interrupt();
        }
        if (!server.endsWithin(SHUTDOWN)) {
            server.kill();
        }
        directory.close();
    }
}
