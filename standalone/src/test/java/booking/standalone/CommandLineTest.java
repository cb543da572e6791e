package booking.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.FreePorts;
import booking.gateway.GatewayApplication;
import booking.gateway.GatewaySettings;
import booking.gateway.access.ApiKey;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandLineTest {
    @Test
    void helpNamesEveryCommand() {
        CommandLineRun run = CommandLineRun.of("help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .contains(
                        "  start ", "  create ", "  book ", "  hold ", "  confirm ", "  cancel ", "  wait ", "  leave ")
                .contains(
                        "  update ",
                        "  close ",
                        "  events ",
                        "  bookings ",
                        "  watch ",
                        "  key ",
                        "  audit ",
                        "  chaos ",
                        "  bench ",
                        "  help ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "book", "audit", "chaos", "bench"})
    void eachCommandSaysHowItIsUsed(String command) {
        CommandLineRun run = CommandLineRun.of(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).contains("Usage: booking " + command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "steal",
                "book concert-42",
                "book concert-42 alice --quantity some",
                "book concert-42 alice --url nowhere",
                "book concert-42 alice --url http://127.0.0.1:65536",
                "create concert-42",
                "hold concert-42 alice --seconds some",
                "hold concert-42",
                "confirm concert-42",
                "update concert-42 --limit some",
                "close",
                "wait concert-42",
                "leave concert-42",
                "bookings",
                "bookings concert-42 --user alice",
                "events --api-key a,b",
                "key",
                "key alice",
                "key alice --roles steal --user alice",
                "key alice --roles book",
                "key al!ce --roles read",
                "audit --json yes",
                "bench --systems ours",
                "bench --workloads rush-hour",
                "bench --clients 0",
                "bench --clients 20000",
                "bench --seconds 0",
                "bench --seconds 601",
                "bench --rows 1000 --workloads one-place",
                "bench --json /nowhere/at/all.json",
                "bench --json . --quick",
                "bench --json a.svg --chart a.svg",
                "bench --quick --directory .",
                "start --port 70000",
                "start --port http",
                "start --data here --ephemeral"
            })
    void aWrongCommandLineIsToldFromAFailure(String line) {
        CommandLineRun run = CommandLineRun.of(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).isNotBlank();
        assertThat(run.output()).isEmpty();
    }

    @Test
    void withoutAGatewayTheClientsSayHowToStartOne() {
        CommandLineRun run = CommandLineRun.of("events", "--url", "http://127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).startsWith("no gateway answers at http://127.0.0.1:1; start one with");
        assertThat(run.output()).isEmpty();
    }

    @Test
    void whomToTrustIsAFileOfCertificates(@TempDir Path directory) throws IOException {
        Path noCertificates = Files.writeString(directory.resolve("ca.pem"), "nonsense");
        Path nothing = Files.writeString(directory.resolve("nothing.pem"), "");
        for (String file : new String[] {noCertificates.toString(), nothing.toString(), "/nowhere/ca.pem"}) {
            CommandLineRun run = CommandLineRun.of("events", "--ca", file);

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.errors()).contains(file).contains("--ca, BOOKING_CA_FILE");
        }
    }

    @Test
    void somethingElseThanAGatewayIsToldApart() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        other.createContext("/", call -> {
            call.sendResponseHeaders(404, -1);
            call.close();
        });
        other.start();
        try {
            CommandLineRun run = CommandLineRun.of(
                    "book",
                    "concert-42",
                    "alice",
                    "--url",
                    "http://127.0.0.1:" + other.getAddress().getPort());

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.errors().strip())
                    .isEqualTo("what answers at http://127.0.0.1:"
                            + other.getAddress().getPort()
                            + " is not a booking gateway; name one with --url (its answer has status 404)");
        } finally {
            other.stop(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "book concert-42 alice", "watch"})
    void theWrongKindOfServerIsToldInASentence(String line) throws Exception {
        HttpServer page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        page.createContext("/", call -> {
            call.sendResponseHeaders(200, 0);
            call.getResponseBody().write("<html>\n  hello".getBytes(StandardCharsets.UTF_8));
            call.close();
        });
        page.start();
        try {
            String url = "http://127.0.0.1:" + page.getAddress().getPort();

            assertToldInASentence(
                    line,
                    url,
                    "what answers at " + url
                            + " is not a booking gateway; name one with --url (its answer has status 200: <html> hello)");
        } finally {
            page.stop(0);
        }
    }

    private static void assertToldInASentence(String line, String url, String sentence) {
        CommandLineRun run = CommandLineRun.of((line + " --url " + url).split(" "));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
                .contains(sentence)
                .contains(url)
                .hasLineCount(1)
                .doesNotContain("java.");
        assertThat(run.output()).isEmpty();
    }

    @Test
    void aGatewayIsAskedWithTlsIfItServesThatAndOnlyThen(@TempDir Path directory) throws Exception {
        OwnCertificate own = OwnCertificate.in(directory);
        Map<String, String> tls = Map.of(
                "BOOKING_HTTP_TLS_CERTIFICATE_FILE",
                own.certificate().toString(),
                "BOOKING_HTTP_TLS_KEY_FILE",
                own.key().toString());
        try (GatewayApplication plain = gatewayAlone(Map.of());
                GatewayApplication secured = gatewayAlone(tls)) {
            String withoutTls = "127.0.0.1:" + plain.port();
            String withTls = "127.0.0.1:" + secured.port();
            for (String line : List.of("events", "book concert-42 alice", "watch")) {
                assertToldInASentence(
                        line,
                        "http://" + withTls,
                        "; a gateway that serves TLS is named with --url https://" + withTls);
                assertToldInASentence(
                        line,
                        "https://" + withoutTls,
                        "; a gateway without TLS is named with --url http://" + withoutTls);
            }
        }
    }

    /** Without Kafka and database. */
    private static GatewayApplication gatewayAlone(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("BOOKING_HTTP_PORT", "0");
        all.put("BOOKING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + FreePorts.any());
        all.put("BOOKING_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + FreePorts.any() + "/booking");
        return GatewayApplication.start(GatewaySettings.from(all));
    }

    @Test
    void aBadOptionOfTheAuditIsNamedAsItWasGiven() {
        CommandLineRun run =
                CommandLineRun.of("audit", "--database", "mysql://localhost/booking", "--topics", "one two", "--json");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors().lines())
                .containsExactlyInAnyOrder(
                        "--database is \"mysql://localhost/booking\", must be the JDBC URL of a PostgreSQL database"
                                + " (default: jdbc:postgresql://127.0.0.1:5432/booking)",
                        "--topics is \"one two\", must be 1 to 200 of A-Z a-z 0-9 . _ - (default: booking)");
        JsonNode told = JsonMapper.shared().readTree(run.output());
        assertThat(told.path("verdict").asString()).isEqualTo("UNKNOWN");
        assertThat(told.path("error").asString()).isEqualTo(run.errors().strip());
        assertThat(run.output()).hasLineCount(1);
    }

    @Test
    void whoIsAskedWhoCallsSaysItsKey(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("keys");
        String key = CommandLineRun.of("key", "desk", "--roles", "manage-events", "--file", file.toString())
                .output()
                .strip();
        try (GatewayApplication gateway = GatewayApplication.start(GatewaySettings.from(Map.of(
                "BOOKING_HTTP_PORT",
                "0",
                "BOOKING_AUTH_API_KEYS_FILE",
                file.toString(),
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + FreePorts.any(),
                "BOOKING_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + FreePorts.any() + "/booking")))) {
            String url = "http://127.0.0.1:" + gateway.port();

            CommandLineRun unknown = CommandLineRun.of("close", "e1", "--url", url);
            CommandLineRun known = CommandLineRun.of("close", "e1", "--url", url, "--api-key", key);
            CommandLineRun unable = CommandLineRun.of("events", "--url", url, "--api-key", key);
            CommandLineRun watching = CommandLineRun.of("watch", "--url", url, "--api-key", key);

            assertThat(unknown.errors()).contains("(NOT_AUTHENTICATED); give one in the variable BOOKING_API_KEY");
            // It has been let in: there is no Kafka behind it.
            assertThat(known.errors()).contains("(KAFKA_UNAVAILABLE)");
            assertThat(unable.errors()).contains("(FORBIDDEN)");
            assertThat(watching.errors()).contains("(FORBIDDEN)");
        }
    }

    @Test
    void aKeyIsShownOnceAndItsLineIsWhatTheGatewayTakes(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("keys");
        CommandLineRun first =
                CommandLineRun.of("key", "alice", "--roles", "read,book", "--user", "alice", "--file", file.toString());
        CommandLineRun second =
                CommandLineRun.of("key", "shop", "--roles", "read,act-for-others", "--file", file.toString());
        CommandLineRun again = CommandLineRun.of("key", "shop", "--roles", "read", "--file", file.toString());
        CommandLineRun shown = CommandLineRun.of("key", "shop", "--roles", "read");

        assertThat(first.output().strip()).matches("bk_[A-Za-z0-9_-]{43}");
        assertThat(Files.readString(file))
                .isEqualTo("alice sha256:" + ApiKey.sha256(first.output().strip()) + " read,book user:alice\n"
                        + "shop sha256:" + ApiKey.sha256(second.output().strip()) + " read,act-for-others\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.errors()).contains("has a key of shop already");
        assertThat(shown.output().lines().toList())
                .hasSize(4)
                .satisfies(lines ->
                        assertThat(lines.get(3)).isEqualTo("shop sha256:" + ApiKey.sha256(lines.get(1)) + " read"));
    }

    @Test
    void aKeyWhoseLineNoGatewayWouldTakeIsRefusedWithTheRule(@TempDir Path directory) {
        Path file = directory.resolve("keys");
        CommandLineRun run =
                CommandLineRun.of("key", "ab", "--roles", "read", "--user", "A B", "--file", file.toString());

        CommandLineRun nobody = CommandLineRun.of("key", "ab", "--roles", "book", "--file", file.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(nobody.exitCode()).isEqualTo(2);
        assertThat(run.errors()).contains("1 to 128 characters, and no spaces");
        assertThat(nobody.errors()).contains("the option --user");
        assertThat(run.output()).isEmpty();
        assertThat(file).doesNotExist();
    }

    @Test
    void aLostAnswerComesWithTheWayToLearnIt() throws Exception {
        HttpServer careless = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        careless.createContext("/", call -> call.close());
        careless.start();
        try {
            String url = "http://127.0.0.1:" + careless.getAddress().getPort();

            assertToldInASentence(
                    "book concert-42 alice --key alice-1",
                    url,
                    "the answer of " + url + " was lost (the connection ended); it may be done or not: the same"
                            + " command again with --key alice-1 tells");
            assertToldInASentence(
                    "events", url, "no gateway's answer came from " + url + " (the connection ended); name one with");
        } finally {
            careless.stop(0);
        }
    }
}
