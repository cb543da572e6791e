package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import booking.embedded.ServersProcess.Ready;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The process that runs the servers is killed with -9. */
class KilledParentIT {
    private static final Duration SHUTDOWN = Duration.ofSeconds(20);

    private final TemporaryDirectory directory = TemporaryDirectory.create("killed-parent-it-");

    @AfterEach
    void removeDirectory() {
        new PostgresOrphans(directory.path().resolve("postgresql/data")).end();
        directory.close();
    }

    @Test
    void noServerOutlivesIt() throws Exception {
        try (ServersProcess parent = start()) {
            Ready ready = parent.awaitReady();
            List<ProcessHandle> postgres = ready.postgres().descendants().toList();

            parent.kill();

            await().atMost(SHUTDOWN)
                    .until(() -> !ready.broker().isAlive() && !ready.postgres().isAlive());
            assertThat(postgres).noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void theNextStartRightAfterwardsFindsEverything() throws Exception {
        try (ServersProcess first = start()) {
            write(first.awaitReady());
            first.kill();

            try (ServersProcess second = start()) {
                requireWritten(second.awaitReady());
            }
        }
    }

    @Test
    void serversThatHangDoNotBlockTheNextStart() throws Exception {
        try (ServersProcess first = start()) {
            Ready hanging = first.awaitReady();
            write(hanging);
            stop(hanging.broker());
            stop(hanging.postgres());
            first.kill();

            try (ServersProcess second = start()) {
                requireWritten(second.awaitReady());
                assertThat(hanging.broker().isAlive()).isFalse();
                assertThat(hanging.postgres().isAlive()).isFalse();
            }
        }
    }

    @Test
    void whileItLivesNobodyElseStartsInItsDirectory() throws Exception {
        try (ServersProcess first = start()) {
            Ready ready = first.awaitReady();

            try (ServersProcess second = start()) {
                assertThatThrownBy(second::awaitReady)
                        .hasMessageContaining("another process runs PostgreSQL in "
                                + directory.path().resolve("postgresql"));
            }
            assertThat(ready.broker().isAlive()).isTrue();
            assertThat(ready.postgres().isAlive()).isTrue();
        }
    }

    @Test
    void twoThatStartAtOnceShareOneSetOfBinaries() throws Exception {
        Path binaries = directory.path().resolve("binaries");
        try (ServersProcess one = ServersProcess.start(directory.path().resolve("one"), binaries);
                ServersProcess other = ServersProcess.start(directory.path().resolve("other"), binaries)) {
            one.awaitReady();
            other.awaitReady();

            try (Stream<Path> unpacked = Files.list(binaries).filter(Files::isDirectory)) {
                assertThat(unpacked)
                        .singleElement()
                        .satisfies(home ->
                                assertThat(home.getFileName().toString()).startsWith("postgresql-18."));
            }
        }
    }

    private ServersProcess start() throws IOException {
        return ServersProcess.start(directory.path(), directory.path().resolve("binaries"));
    }

    private static void stop(ProcessHandle process) throws Exception {
        assertThat(new ProcessBuilder("sh", "-c", "kill -STOP " + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void write(Ready ready) throws Exception {
        try (Admin admin = admin(ready);
                Connection connection = connect(ready);
                Statement statement = connection.createStatement()) {
            admin.createTopics(List.of(new NewTopic("kept", Optional.of(1), Optional.empty())))
                    .all()
                    .get();
            statement.execute("CREATE TABLE kept ()");
        }
    }

    private static void requireWritten(Ready ready) throws Exception {
        try (Admin admin = admin(ready);
                Connection connection = connect(ready);
                Statement statement = connection.createStatement()) {
            assertThat(admin.listTopics().names().get()).contains("kept");
            statement.execute("SELECT FROM kept");
        }
    }

    private static Admin admin(Ready ready) {
        return Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + ready.kafkaPort()));
    }

    private static Connection connect(Ready ready) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + ready.postgresPort() + "/booking?user=booking_owner");
    }
}
