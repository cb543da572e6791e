package booking.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.embedded.FreePorts;
import booking.embedded.TemporaryDirectory;
import booking.standalone.StartedSystem.Ready;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Starting, stopping and killing the whole system. */
class StartIT {
    private static final Duration READY = Duration.ofMinutes(2);
    private static final Duration SHUTDOWN = Duration.ofSeconds(40);

    private final HttpClient http = HttpClient.newHttpClient();
    private TemporaryDirectory directory;
    private String[] ports;

    @BeforeEach
    void chooseDirectoryAndPorts() {
        directory = TemporaryDirectory.create("start-it-");
        ports = new String[] {
            "--port", Integer.toString(FreePorts.any()),
            "--kafka-port", Integer.toString(FreePorts.any()),
            "--postgres-port", Integer.toString(FreePorts.any())
        };
    }

    @AfterEach
    void removeDirectory() {
        directory.close();
    }

    @Test
    void afterAKillItGoesOnWhereItWas() throws Exception {
        List<ProcessHandle> processes;
        HttpResponse<String> booked;
        try (StartedSystem killed = start(ports)) {
            Ready ready = killed.awaitReady();
            assertThat(post(ready, "/v1/events", "create-1", """
                    {"eventId":"concert-42","name":"Concert","date":"2027-05-01T20:00:00Z"}""").statusCode()).isEqualTo(201);
            booked = post(ready, "/v1/events/concert-42/bookings", "alice-1", "{\"userId\":\"alice\"}");
            assertThat(booked.statusCode()).isEqualTo(201);
            processes = killed.processes();

            killed.kill();
        }

        try (StartedSystem system = start(ports)) {
            Ready ready = system.awaitReady();

            HttpResponse<String> again =
                    post(ready, "/v1/events/concert-42/bookings", "alice-1", "{\"userId\":\"alice\"}");
            HttpResponse<String> other = post(ready, "/v1/events/concert-42/bookings", "bob-1", "{\"userId\":\"bob\"}");

            assertThat(again.statusCode()).isEqualTo(201);
            assertThat(again.body()).isEqualTo(booked.body());
            assertThat(other.statusCode()).isEqualTo(409);
            assertThat(other.body()).contains("\"ALREADY_BOOKED\"");
            assertThat(bookings(ready)).isEqualTo(1);
            assertThat(processes).noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void asksNobodyForPortsAndEndsOnCtrlCWithNothingLeft() throws Exception {
        Path temporary = Files.createDirectory(directory.path().resolve("temporary"));
        try (StartedSystem system = StartedSystem.start(
                directory.path(), Map.of("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary), "--ephemeral")) {
            Ready ready = system.awaitReady();
            assertThat(bookings(ready)).isZero();
            List<ProcessHandle> processes = system.processes();
            assertThat(processes).hasSizeGreaterThan(3);
            assertThat(dataIn(temporary)).hasSize(1);

            system.signal("INT");
            system.awaitExit();

            assertThat(processes).noneMatch(ProcessHandle::isAlive);
            assertThat(dataIn(temporary)).isEmpty();
            assertThat(system.output().lines()).hasSize(1);
            assertThat(system.errors().lines()).allMatch(line -> line.matches(" *\\d+\\.\\d s  .*|NOTE: .*"));
            assertThat(system.errors()).endsWith("Stopped" + System.lineSeparator());
        }
    }

    @Test
    void withTlsAndKeysOnAllAddressesItIsReadyLogsAsItIsToldAndIsReachedByWhoTrustsItsCertificate() throws Exception {
        OwnCertificate own = OwnCertificate.in(directory.path());
        Path keys = directory.path().resolve("keys");
        String key = CommandLineRun.of("key", "desk", "--roles", "read", "--file", keys.toString())
                .output()
                .strip();
        Map<String, String> variables = Map.of(
                "BOOKING_HTTP_HOST",
                "0.0.0.0",
                "BOOKING_HTTP_TLS_CERTIFICATE_FILE",
                own.certificate().toString(),
                "BOOKING_HTTP_TLS_KEY_FILE",
                own.key().toString(),
                "BOOKING_AUTH_API_KEYS_FILE",
                keys.toString(),
                "BOOKING_LOG_FORMAT",
                "json",
                "BOOKING_LOG_LEVEL",
                "info");
        try (StartedSystem system = StartedSystem.start(directory.path(), variables, ports)) {
            String url = system.awaitReady().url();
            String[] asking = {"events", "--url", url, "--api-key", key};
            String[] trusting = {
                "events",
                "--url",
                url,
                "--api-key",
                key,
                "--ca",
                own.certificate().toString()
            };
            // A handshake may take longer than a client waits, where much else is going on.
            CommandLineRun trusted =
                    await().atMost(READY).until(() -> CommandLineRun.of(trusting), run -> run.exitCode() == 0);
            CommandLineRun untrusted = await().atMost(READY)
                    .until(() -> CommandLineRun.of(asking), run -> run.errors().contains("cannot be trusted"));

            assertThat(url).startsWith("https://127.0.0.1:");
            assertThat(trusted.output()).startsWith("EVENT ");
            assertThat(untrusted.exitCode()).isEqualTo(1);
            assertThat(untrusted.errors()).contains("--ca");
            assertThat(untrusted.output()).isEmpty();
            String log = Files.readString(directory.path().resolve("data/logs/booking.log"));
            // A last one may be being written.
            assertThat(log.substring(0, log.lastIndexOf('\n')).lines())
                    .anySatisfy(line -> assertThat(line).contains("\"message\":\"Listening on"))
                    .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
        }
    }

    @Test
    void canBeStoppedInTheMiddleOfTheStart() throws Exception {
        try (StartedSystem system = start(ports)) {
            await().atMost(SHUTDOWN).until(() -> system.errors().contains("Starting Kafka and PostgreSQL"));
            await().atMost(SHUTDOWN).until(() -> system.processes().size() > 1);
            List<ProcessHandle> processes = system.processes();

            system.signal("TERM");
            system.awaitExit();

            assertThat(processes).noneMatch(ProcessHandle::isAlive);
            assertThat(system.output()).isEmpty();
            assertThat(system.errors()).endsWith("Stopped" + System.lineSeparator());
            assertThat(Files.readString(directory.path().resolve("data/logs/booking.log")))
                    .contains("Stopping", "Stopped");
        }
    }

    @Test
    void endsWhenAServerHasEnded() throws Exception {
        try (StartedSystem system = start(ports)) {
            system.awaitReady();
            ProcessHandle postgres = system.processes().stream()
                    .filter(process -> process.info().command().orElse("").endsWith("/postgres"))
                    .findFirst()
                    .orElseThrow();

            postgres.destroyForcibly();

            assertThat(system.awaitExit()).isEqualTo(1);
            assertThat(system.errors()).contains("PostgreSQL (process " + postgres.pid() + ") has ended");
            assertThat(system.processes()).noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void aSecondSystemInTheSameDirectoryIsOneClearError() throws Exception {
        Path data = directory.path().resolve("data");
        try (StartedSystem first = start(ports)) {
            first.awaitReady();
            try (StartedSystem second = StartedSystem.start(directory.path(), Map.of())) {
                assertThat(second.awaitExit()).isEqualTo(1);
                assertThat(second.errors().trim())
                        .isEqualTo("another booking system runs in " + data + " (process "
                                + first.processes().get(0).pid()
                                + "); stop it, or choose another directory with --data");
            }
        }
    }

    @Test
    void aTakenPortThatWasAskedForIsOneClearError() throws Exception {
        try (ServerSocket other = new ServerSocket(FreePorts.any(), 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            for (String option : List.of("--port", "--kafka-port", "--postgres-port")) {
                try (StartedSystem system = start(option, port)) {
                    assertThat(system.awaitExit()).isEqualTo(1);
                    assertThat(system.errors().trim())
                            .isEqualTo("port " + port + " on 127.0.0.1 is taken; choose another one with " + option
                                    + ", or leave it out for the next free one");
                }
            }
        }
    }

    @Test
    void badVariablesAreToldBeforeAnythingIsStarted() throws Exception {
        Map<String, String> bad = Map.of(
                "BOOKING_LOKING",
                "pessimistic",
                "BOOKING_HTTP_STREAMS",
                "many",
                "BOOKING_AUTH_API_KEYS_FILE",
                "/nowhere/api-keys");
        try (StartedSystem misspelt = StartedSystem.start(directory.path(), bad)) {
            assertThat(misspelt.awaitExit()).isEqualTo(1);
            assertThat(misspelt.errors().lines())
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line)
                                    .isEqualTo("BOOKING_LOKING is not a setting; did you mean BOOKING_LOCKING?"),
                            line -> assertThat(line).startsWith("BOOKING_HTTP_STREAMS is \"many\""),
                            line -> assertThat(line)
                                    .startsWith("BOOKING_AUTH_API_KEYS_FILE is \"/nowhere/api-keys\", must be a file of"
                                            + " API keys: there is no such file"));
        }
        for (List<String> command : List.of(List.of("events"), List.of("chaos"), List.of("bench", "--quick"))) {
            try (StartedSystem client = StartedSystem.run(directory.path(), bad, command)) {
                assertThat(client.awaitExit()).isEqualTo(1);
                assertThat(client.errors().strip())
                        .isEqualTo("BOOKING_LOKING is not a setting; did you mean BOOKING_LOCKING?");
            }
        }
        try (StartedSystem copied =
                StartedSystem.start(directory.path(), Map.of("BOOKING_TOPICS_REPLICATION_FACTOR", "3"))) {
            assertThat(copied.awaitExit()).isEqualTo(1);
            assertThat(copied.errors().trim())
                    .isEqualTo("BOOKING_TOPICS_REPLICATION_FACTOR is 3, but start brings one broker, which has one copy"
                            + " of each topic: leave it out");
            assertThat(directory.path().resolve("data/kafka")).doesNotExist();
        }
    }

    @Test
    void variablesThatItSettlesItselfAreAllToldBeforeAnythingIsStarted() throws Exception {
        Map<String, String> ours = Map.of(
                "BOOKING_HTTP_PORT", "8080",
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS", "elsewhere:9092",
                "BOOKING_KAFKA_SECURITY_PROTOCOL", "SSL",
                "BOOKING_DATABASE_URL", "jdbc:postgresql://elsewhere/booking",
                "BOOKING_DATABASE_USER", "somebody",
                "BOOKING_DATABASE_PASSWORD", "hunter2",
                "BOOKING_SETUP_DATABASE_USER", "somebody",
                "BOOKING_SETUP_DATABASE_PASSWORD", "hunter2",
                "BOOKING_SETUP_APPLICATION_ROLE", "somebody",
                "BOOKING_SETUP_READER_ROLE", "somebody");
        try (StartedSystem system = StartedSystem.start(directory.path(), ours)) {
            assertThat(system.awaitExit()).isEqualTo(1);
            assertThat(system.errors().lines())
                    .hasSameSizeAs(ours.keySet())
                    .allSatisfy(line -> assertThat(line)
                            .matches(
                                    "(" + String.join("|", ours.keySet()) + ") is set, but start does not take it: .+"))
                    .doesNotHaveDuplicates()
                    .contains("BOOKING_DATABASE_URL is set, but start does not take it: it brings its own PostgreSQL;"
                            + " choose its port with --postgres-port");
            assertThat(directory.path().resolve("data/kafka")).doesNotExist();
        }
    }

    private StartedSystem start(String... arguments) throws IOException {
        return StartedSystem.start(directory.path(), Map.of(), arguments);
    }

    private HttpResponse<String> post(Ready ready, String path, String key, String json) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(ready.url() + path))
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", key)
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    private static int bookings(Ready ready) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + ready.postgresPort() + "/booking?user=booking_read");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM bookings")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static List<Path> dataIn(Path temporary) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().matches("booking-\\d+"))
                    .toList();
        }
    }
}
