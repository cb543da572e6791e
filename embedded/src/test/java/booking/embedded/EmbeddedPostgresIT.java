package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedPostgresIT {
    private TemporaryDirectory directory;
    private PostgresOptions options;

    @BeforeEach
    void chooseDirectory() {
        directory = TemporaryDirectory.create("postgres-it-");
        options =
                PostgresOptions.in(directory.path()).withPort(PortRequest.any()).notDurable();
    }

    @AfterEach
    void removeDirectory() {
        new PostgresOrphans(directory.path().resolve("data")).end();
        directory.close();
    }

    @Test
    void isDurableUnlessToldOtherwise() throws Exception {
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.start(PostgresOptions.in(directory.path()).withPort(options.port()))) {
            assertThat(ask(postgres, "postgres", "SHOW fsync")).isEqualTo("on");
            assertThat(ask(postgres, "postgres", "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(ask(postgres, "postgres", "SHOW full_page_writes")).isEqualTo("on");
        }
    }

    @Test
    void theSettingsAreTheServersAndTheDataIsForItAlone() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options.withSetting("work_mem", "8MB"))) {
            assertThat(ask(postgres, "booking_app", "SHOW work_mem")).isEqualTo("8MB");
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(directory.path().resolve("data"))))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void closeKeepsTheDataAndLeavesNoProcess() throws Exception {
        List<ProcessHandle> processes;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
            processes = withDescendants(postgres.process());
            execute(postgres, "booking_owner", "CREATE TABLE kept AS SELECT 42 AS answer");
        }

        assertThat(processes).hasSizeGreaterThan(3).noneMatch(ProcessHandle::isAlive);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
            assertThat(ask(postgres, "booking_owner", "SELECT answer FROM kept"))
                    .isEqualTo("42");
        }
    }

    @Test
    void afterAKillTheCommittedIsThere() throws Exception {
        EmbeddedPostgres killed = EmbeddedPostgres.start(options);
        execute(killed, "booking_owner", "CREATE TABLE kept AS SELECT 42 AS answer");
        killed.kill();
        assertThat(killed.process().isAlive()).isFalse();

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
            assertThat(postgres.port()).isEqualTo(killed.port());
            assertThat(ask(postgres, "booking_owner", "SELECT answer FROM kept"))
                    .isEqualTo("42");
        }
    }

    @Test
    void aServerProcessThatOutlivedItsServerDoesNotBlockTheNextStart() throws Exception {
        EmbeddedPostgres killed = EmbeddedPostgres.start(options);
        ProcessHandle child;
        try (Connection connection = connect(killed, "booking_app")) {
            child = ProcessHandle.of(Long.parseLong(ask(connection, "SELECT pg_backend_pid()")))
                    .orElseThrow();
            // Stopped, it does not notice that its server is gone.
            signal("STOP", child);
            killed.process().destroyForcibly();
            await().until(() -> !killed.process().isAlive());
            killed.close();
        }
        assertThat(child.isAlive()).isTrue();

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
            assertThat(child.isAlive()).isFalse();
            assertThat(ask(postgres, "booking_app", "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aStaleProcessIdThatNowIsAnothersDoesNotBlockTheNextStart() throws Exception {
        EmbeddedPostgres.start(options).close();
        Process other = new ProcessBuilder("sleep", "600").start();
        try {
            Path data = directory.path().resolve("data");
            Files.writeString(
                    data.resolve("postmaster.pid"),
                    other.pid() + "\n" + data + "\n1\n5432\n\n127.0.0.1\n  1  1\nready\n");

            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
                assertThat(ask(postgres, "booking_app", "SELECT 1")).isEqualTo("1");
                assertThat(other.isAlive()).isTrue();
            }
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aFirstStartThatWasCutShortIsBegunAnew() throws Exception {
        Files.createDirectories(directory.path().resolve("data.unfinished/base"));
        Files.writeString(directory.path().resolve("data.unfinished/PG_VERSION"), "1");

        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(options)) {
            assertThat(ask(postgres, "booking_app", "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aTakenPortIsOneClearError() throws Exception {
        int port = options.port().first();
        try (ServerSocket other = new ServerSocket(port, 1, Loopback.ADDRESS)) {
            assertThat(other.isBound()).isTrue();

            assertThatThrownBy(() -> EmbeddedPostgres.start(options))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessage("port " + port + " on 127.0.0.1 is taken");
        }
        EmbeddedPostgres.start(options).close();
    }

    @Test
    void oneDirectoryIsForOneServer() {
        try (EmbeddedPostgres first = EmbeddedPostgres.start(options)) {
            PostgresOptions again = options.withPort(PortRequest.any());
            assertThatThrownBy(() -> EmbeddedPostgres.start(again))
                    .isInstanceOf(EmbeddedServerException.class)
                    .hasMessageStartingWith("another process runs PostgreSQL in " + directory.path());
            assertThat(first.process().isAlive()).isTrue();
        }
    }

    @Test
    void aServerThatCannotStartShowsTheEndOfItsLog() {
        assertThatThrownBy(() -> EmbeddedPostgres.start(options.withSetting("shared_buffers", "lots")))
                .isInstanceOf(EmbeddedServerException.class)
                .hasMessageContaining("PostgreSQL ended while starting (exit code 1); the end of")
                .hasMessageContaining("invalid value for parameter \"shared_buffers\": \"lots\"");
    }

    @Test
    void whereRootHasNoUserNamespacesItRunsAsNobody() throws Exception {
        // Only root can become nobody; for others this is the one way they have, and the other tests show it.
        PostgresAccount account = PostgresAccount.forThisUser().equals(PostgresAccount.ROOT_IN_NAMESPACE)
                ? PostgresAccount.ROOT_AS_NOBODY
                : PostgresAccount.forThisUser();
        // First as root in a user namespace, so that the files have to change hands.
        EmbeddedPostgres.start(options).close();

        try (TemporaryDirectory binaries = TemporaryDirectory.create("postgres-it-binaries-");
                EmbeddedPostgres postgres = EmbeddedPostgres.start(options.withBinariesIn(binaries.path()), account)) {
            assertThat(ask(postgres, "booking_app", "SELECT 1")).isEqualTo("1");
            assertThat(postgres.process().info().user()).isNotEqualTo(Optional.of("root"));
        }
        EmbeddedPostgres.start(options).close();
    }

    @Test
    void anExistingDirectoryIsNotMadeAgain() throws IOException {
        EmbeddedPostgres.start(options).close();
        Path madeFirst = directory.path().resolve("data").resolve("PG_VERSION");
        FileTime made = Files.getLastModifiedTime(madeFirst);

        EmbeddedPostgres.start(options).close();

        assertThat(Files.getLastModifiedTime(madeFirst)).isEqualTo(made);
    }

    private static List<ProcessHandle> withDescendants(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants()).toList();
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    private static Connection connect(EmbeddedPostgres postgres, String role) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl("booking", role));
    }

    private static String ask(EmbeddedPostgres postgres, String role, String query) throws SQLException {
        try (Connection connection = connect(postgres, role)) {
            return ask(connection, query);
        }
    }

    private static String ask(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void execute(EmbeddedPostgres postgres, String role, String sql) throws SQLException {
        try (Connection connection = connect(postgres, role);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
