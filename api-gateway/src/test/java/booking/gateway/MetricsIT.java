package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a running system tells is what docs/metrics.md says, and nothing in it is about one person or event. */
class MetricsIT {
    private static final Pattern TYPE = Pattern.compile("# TYPE (booking_\\w+) (\\w+)");
    private static final Pattern SERIES = Pattern.compile("(\\w+?)(_bucket|_count|_sum)?(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ROW = Pattern.compile("\\| `(booking_\\w+)` \\| (\\w+) \\|(.*?)\\| .* \\|");

    private static BookingOffice office;
    private static Client gateway;
    private static Client processor;

    @BeforeAll
    static void open() {
        office = BookingOffice.unmanned(Map.of());
        gateway = office.client();
        processor = new Client(office.startProcessor().healthPort());
        Awaitility.await("the first look at the lag")
                .atMost(BookingOffice.PATIENCE)
                .until(() -> processor.get("/metrics").text().contains("booking_lag_commands{"));
    }

    @AfterAll
    static void close() {
        office.close();
    }

    @Test
    void thePageTellsTheMetricsOfTheProcessorWithTheirKindsAndLabels() throws IOException {
        office.event(1);

        assertThat(told(processor.get("/metrics").text())).isEqualTo(page("Processor"));
    }

    @Test
    void thePageTellsTheMetricsOfTheGatewayWithTheirKindsAndLabels() throws IOException {
        office.event(1);

        assertThat(told(gateway.get("/metrics").text())).isEqualTo(page("Gateway"));
    }

    @Test
    void thePageNamesMetricsOfLibrariesThatBothTell() throws IOException {
        Matcher named = Pattern.compile("`((?:hikaricp|jvm|process|system)_\\w*\\w)`")
                .matcher(Files.readString(Path.of("..", "docs", "metrics.md")));
        TreeSet<String> names = new TreeSet<>();
        while (named.find()) {
            names.add(named.group(1));
        }

        assertThat(names).hasSizeGreaterThan(5);
        for (Client service : List.of(gateway, processor)) {
            // The pauses of the collector are told once there has been one.
            System.gc();
            await().atMost(BookingOffice.PATIENCE).untilAsserted(() -> {
                String text = service.get("/metrics").text();
                assertThat(names).allSatisfy(name -> assertThat(text).contains("\n" + name));
            });
        }
    }

    @Test
    void aRequestIsCountedByTheTemplateOfItsRouteAndNeverByWhatItNames() {
        String eventId = office.event(1);
        String route = "/v1/events/{eventId}/bookings";
        double before = requests("POST", route, "201");
        double missesBefore = requests("GET", "none", "404");
        double oddBefore = requests("other", "none", "404");
        double unreadableBefore = requests("POST", route, "400");

        gateway.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"telltale-user\"}");
        gateway.post("/v1/events/" + eventId + "/bookings", "{");
        gateway.get("/no/such/telltale-path");
        gateway.send("TELLTALE", "/no/such/path", null);
        gateway.get("/v1/users/telltale-user/bookings");

        assertThat(requests("POST", route, "201") - before).isEqualTo(1);
        assertThat(requests("POST", route, "400") - unreadableBefore).isEqualTo(1);
        assertThat(requests("GET", "none", "404") - missesBefore).isEqualTo(1);
        assertThat(requests("other", "none", "404") - oddBefore).isEqualTo(1);
        for (Client service : List.of(gateway, processor)) {
            assertThat(service.get("/metrics").text())
                    .doesNotContainIgnoringCase("telltale")
                    .doesNotContain(eventId);
        }
    }

    @Test
    void aRequestThatIsNoHttpIsCountedWithoutARoute() throws IOException {
        double before = requests("none", "400");
        try (RawConnection raw = new RawConnection(office.port())) {
            assertThat(raw.send("NONSENSE\r\n\r\n").untilClosed()).contains(" 400 ");
        }

        assertThat(requests("none", "400") - before).isEqualTo(1);
    }

    @Test
    void aWriteIsCountedFromItsAcknowledgementToTheAnswerItWaitedFor() {
        double acknowledged = value(gateway, "booking_commands_acknowledgement_seconds_count");
        double waited = value(gateway, "booking_results_wait_seconds_count");
        double read = value(gateway, "booking_results_read_total");

        office.event(1);

        assertThat(value(gateway, "booking_commands_acknowledgement_seconds_count") - acknowledged)
                .isEqualTo(1);
        assertThat(value(gateway, "booking_results_wait_seconds_count") - waited)
                .isEqualTo(1);
        assertThat(value(gateway, "booking_results_read_total") - read).isEqualTo(1);
        assertThat(value(gateway, "booking_waiting")).isZero();
        assertThat(value(gateway, "booking_waiting_limit")).isEqualTo(10_000);
    }

    @Test
    void theGatewaySaysThatItIsReadyAndWhatItReaches() {
        Awaitility.await()
                .atMost(BookingOffice.PATIENCE)
                .untilAsserted(() -> assertThat(List.of(
                                value(gateway, "booking_ready"),
                                value(gateway, "booking_kafka_up"),
                                value(gateway, "booking_database_up")))
                        .containsOnly(1.0));
    }

    @Test
    void howeverManyAskWhetherItIsReadyTheDatabaseIsAskedOnceASecond() {
        double before = value(gateway, "hikaricp_connections_usage_seconds_count");
        long startNanos = System.nanoTime();
        for (int i = 0; i < 500; i++) {
            assertThat(gateway.get("/health/ready").status()).isEqualTo(200);
        }
        double used = value(gateway, "hikaricp_connections_usage_seconds_count") - before;

        // As often as seconds have gone by, beside what is looked at every 2 s anyway.
        long seconds = Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
        assertThat(used).isLessThan(2.0 * seconds + 10);
    }

    @Test
    void readsThatTakeLongKeepNeitherReadinessNorThoseWaitingWhoReadLittle() throws SQLException {
        try (Connection other = DriverManager.getConnection(
                office.servers().jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.SUPERUSER))) {
            other.setAutoCommit(false);
            try (Statement lock = other.createStatement()) {
                lock.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE");
            }
            List<CompletableFuture<Reply>> searches = IntStream.range(0, 100)
                    .mapToObj(i -> gateway.getAsync("/v1/events?q=nothing"))
                    .toList();
            await().atMost(BookingOffice.PATIENCE).until(() -> value(gateway, "booking_reads_queued") > 50);
            assertThat(gateway.get("/v1/commands/" + UUID.randomUUID()).status())
                    .isEqualTo(404);
            double before = value(gateway, "hikaricp_connections_usage_seconds_count");

            // Until the database has been asked anew, for which the searches let go of no connection.
            await().atMost(BookingOffice.PATIENCE).until(() -> {
                assertThat(gateway.get("/health/ready").status()).isEqualTo(200);
                return value(gateway, "hikaricp_connections_usage_seconds_count") > before;
            });

            other.rollback();
            searches.forEach(CompletableFuture::join);
        }
    }

    @Test
    void readinessIsFoundOutWhileEveryThreadThatReadsIsKeptWaiting() throws SQLException {
        List<CompletableFuture<Reply>> reads = new ArrayList<>();
        try (Connection other = DriverManager.getConnection(
                office.servers().jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.SUPERUSER))) {
            other.setAutoCommit(false);
            try (Statement lock = other.createStatement()) {
                lock.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE");
            }
            // A read waits for some seconds at most: what is found out after one has given up says nothing.
            await().atMost(BookingOffice.PATIENCE).until(() -> {
                IntStream.range(0, 20).forEach(i -> reads.add(gateway.getAsync("/v1/events/nowhere")));
                await().atMost(BookingOffice.PATIENCE).until(() -> value(gateway, "booking_reads_queued") > 0);
                List<String> waiting = readsThatWait();
                double before = value(gateway, "hikaricp_connections_usage_seconds_count");
                // Until the database has been asked anew, for which these let go of no connection.
                await().atMost(BookingOffice.PATIENCE).until(() -> {
                    assertThat(gateway.get("/health/ready").status()).isEqualTo(200);
                    return value(gateway, "hikaricp_connections_usage_seconds_count") > before;
                });
                return !waiting.isEmpty() && readsThatWait().equals(waiting);
            });

            other.rollback();
        }
        reads.forEach(CompletableFuture::join);
    }

    /** Each with the time at which it began. */
    private static List<String> readsThatWait() {
        return office.sql()
                .sql("SELECT pid || ' ' || query_start FROM pg_stat_activity"
                        + " WHERE application_name = 'booking-gateway' AND wait_event_type = 'Lock' ORDER BY 1")
                .query(String.class)
                .list();
    }

    private static double requests(String method, String route, String status) {
        return sum(
                gateway,
                "booking_http_requests_seconds_count",
                "method=\"" + method + "\"",
                "route=\"" + route + "\"",
                "status=\"" + status + "\"");
    }

    private static double requests(String route, String status) {
        return sum(
                gateway, "booking_http_requests_seconds_count", "route=\"" + route + "\"", "status=\"" + status + "\"");
    }

    private static double value(Client service, String name) {
        String text = service.get("/metrics").text();
        assertThat(text).containsPattern("\n" + name + "[ {]");
        return sum(service, name);
    }

    private static double sum(Client service, String name, String... labels) {
        return service.get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Our metrics in this text: the kind of each and its labels, {@code le} left out. */
    private static Map<String, String> told(String text) {
        Map<String, String> kinds = new TreeMap<>();
        Map<String, TreeSet<String>> labels = new HashMap<>();
        text.lines().map(TYPE::matcher).filter(Matcher::matches).forEach(type -> {
            // The largest values, beside what they are of.
            if (!type.group(1).endsWith("_seconds_max") && !type.group(1).equals("booking_batch_commands_max")) {
                kinds.put(type.group(1), type.group(2));
            }
        });
        text.lines().filter(line -> line.startsWith("booking_")).forEach(line -> {
            Matcher series = SERIES.matcher(line);
            assertThat(series.matches()).as(line).isTrue();
            TreeSet<String> names = labels.computeIfAbsent(series.group(1), none -> new TreeSet<>());
            if (series.group(3) != null) {
                Matcher label = LABEL.matcher(series.group(3));
                while (label.find()) {
                    names.add(label.group(1));
                }
            }
            names.remove("le");
        });
        kinds.replaceAll((name, kind) -> kind + " " + labels.get(name));
        return kinds;
    }

    /** What the page says in this section, in the same form. */
    private static Map<String, String> page(String section) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "metrics.md"));
        String part = page.substring(page.indexOf("\n## " + section + "\n") + 1);
        return part.substring(0, part.indexOf("\n## "))
                .lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(
                        row -> row.group(1),
                        row -> row.group(2) + " "
                                + new TreeSet<>(Arrays.stream(row.group(3)
                                                .replaceAll("[` ]", "")
                                                .split(",", -1))
                                        .filter(label -> !label.isEmpty())
                                        .toList()),
                        (a, b) -> a,
                        TreeMap::new));
    }
}
