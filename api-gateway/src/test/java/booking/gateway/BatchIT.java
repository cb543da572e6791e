package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import booking.gateway.BatchConnection.CutOffException;
import booking.gateway.access.ApiKey;
import booking.gateway.access.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many commands in one call, at gateways in processes of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BatchIT {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PATH = "/v1/bookings:batch";
    private static final int MANY = 100_000;
    private static final int PIECE = 500;
    private static final long MEBIBYTE = 1 << 20;

    private final String desk = ApiKey.newText();
    private final String alice = ApiKey.newText();
    private final String bob = ApiKey.newText();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Path keys;
    private BookingOffice office;
    private GatewayProcess gateway;
    private GatewayProcess strict;

    @BeforeAll
    void open(@TempDir Path directory) throws IOException {
        keys = Files.writeString(
                directory.resolve("keys"),
                line("desk", desk, Set.of(Role.values()), Optional.empty())
                        + line("alice", alice, Set.of(Role.READ, Role.BOOK), Optional.of("alice"))
                        + line("bob", bob, Set.of(Role.READ, Role.BOOK), Optional.of("bob")));
        office = BookingOffice.open();
        gateway = office.startGatewayProcess(Map.of());
        strict = office.startGatewayProcess(Map.of(
                "BOOKING_AUTH_API_KEYS_FILE",
                keys.toString(),
                "BOOKING_HTTP_RATE_LIMIT",
                "20",
                "BOOKING_HTTP_RATE_LIMIT_WINDOW",
                "1d",
                "BOOKING_HTTP_BATCHES",
                "1"));
    }

    @AfterAll
    void close() {
        threads.shutdownNow();
        office.close();
    }

    private static String line(String name, String key, Set<Role> roles, Optional<String> user) {
        return new ApiKey(name, ApiKey.sha256(key), roles, user).line() + "\n";
    }

    @Test
    void eachLineIsAnsweredInItsTurnWithWhatBecameOfIt() {
        String eventId = "e-" + UUID.randomUUID();
        String first = UUID.randomUUID().toString();
        List<JsonNode> answers = batch(gateway.port(), """
                {"type":"createEvent","eventId":"%1$s","name":"A","date":"2027-05-01T20:00:00Z","venue":"%1$s","capacity":2}
                {"type":"book","commandId":"%2$s","eventId":"%1$s","userId":"alice"}

                {"type":"hold","eventId":"%1$s","userId":"bob","holdSeconds":600}
                {"type":"book","eventId":"%1$s","userId":"carol"}
                {"type":"joinWaitlist","eventId":"%1$s","userId":"carol"}
                {"type":"book","commandId":"%2$s","eventId":"%1$s","userId":"alice"}
                {"type":"book","commandId":"%2$s","eventId":"%1$s","userId":"mallory"}
                {"type":"cancel","eventId":"%1$s","bookingId":"%2$s"}
                {"type":"closeEvent","eventId":"nowhere"}
                """.formatted(eventId, first));

        assertThat(answers)
                .extracting(answer -> answer.at("/line").asInt() + " "
                        + answer.at("/status").asString() + " "
                        + answer.at("/result/reason").asString(""))
                .containsExactly(
                        "1 ACCEPTED ",
                        "2 ACCEPTED ",
                        "4 ACCEPTED ",
                        "5 REJECTED SOLD_OUT",
                        "6 ACCEPTED ",
                        "7 ACCEPTED ",
                        "8 REJECTED COMMAND_ID_REUSED",
                        "9 ACCEPTED ",
                        "10 REJECTED EVENT_NOT_FOUND");
        assertThat(answers.get(5).get("result")).isEqualTo(answers.get(1).get("result"));
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.at("/commandId")).isEqualTo(answer.at("/result/commandId")));
        String hold = answers.get(2).at("/result/bookingId").asString();
        assertThat(batch(
                                gateway.port(),
                                "{\"type\":\"confirm\",\"eventId\":\"%s\",\"bookingId\":\"%s\"}"
                                        .formatted(eventId, hold))
                        .get(0)
                        .at("/result/status")
                        .asString())
                .isEqualTo("CONFIRMED");
    }

    @Test
    void aBadLineIsToldAndItsNeighboursAreCarriedOut() {
        String eventId = office.event(100);
        String good = book(eventId, "alice");
        String id = UUID.randomUUID().toString();
        List<JsonNode> answers = batch(
                gateway.port(),
                String.join(
                        "\n",
                        good,
                        "{",
                        "[1]",
                        "\"\u0000\"",
                        "{\"type\":\"book\",\"eventId\":\"" + eventId + "\",\"userId\":\"a\",\"userId\":\"b\"}",
                        good,
                        "{\"type\":\"book\",\"commandId\":\"" + id + "\",\"eventId\":\"" + eventId + "\"}",
                        "{\"type\":\"expireHold\",\"eventId\":\"e\",\"bookingId\":\"" + id + "\"}",
                        "{\"eventId\":\"e\",\"userId\":\"a\"}",
                        "{\"type\":\"book\",\"commandId\":\"7\",\"eventId\":\"e\",\"userId\":\"a\"}",
                        "{\"type\":\"book\",\"eventId\":\"a b\",\"userId\":\"a\"}",
                        "{\"x\":\"" + "y".repeat(16 * 1024) + "\"}",
                        "{\"x\":" + "[".repeat(8_000),
                        good));

        assertThat(answers)
                .extracting(answer -> answer.at("/line").asInt() + " "
                        + answer.at("/status").asString() + " "
                        + answer.at("/problem/reason").asString(""))
                .containsExactly(
                        "1 ACCEPTED ",
                        "2 REFUSED MALFORMED_REQUEST",
                        "3 REFUSED MALFORMED_REQUEST",
                        "4 REFUSED MALFORMED_REQUEST",
                        "5 REFUSED MALFORMED_REQUEST",
                        "6 ACCEPTED ",
                        "7 REFUSED INVALID_COMMAND",
                        "8 REFUSED INVALID_COMMAND",
                        "9 REFUSED INVALID_COMMAND",
                        "10 REFUSED INVALID_COMMAND",
                        "11 REFUSED INVALID_COMMAND",
                        "12 REFUSED BODY_TOO_LARGE",
                        "13 REFUSED MALFORMED_REQUEST",
                        "14 ACCEPTED ");
        assertThat(answers.get(6).at("/commandId").asString()).isEqualTo(id);
        assertThat(answers.get(6).at("/problem/detail").asString()).contains("userId");
        assertThat(answers.get(6).at("/problem/status").asInt()).isEqualTo(400);
        assertThat(answers.get(7).at("/problem/detail").asString()).contains("type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "keep-alive"})
    void whoSpeaksHttp10GetsNoChunksAndTheEndOfTheConnection(String connection) throws IOException {
        String eventId = office.event(100);
        String lines = book(eventId, "alice") + "\n" + book(eventId, "bob") + "\n";
        try (RawConnection old = new RawConnection(gateway.port())) {
            String[] answer = old.send("POST " + PATH + " HTTP/1.0\r\nHost: localhost\r\nConnection: " + connection
                            + "\r\nExpect: 100-continue\r\nContent-Type: application/x-ndjson\r\nContent-Length: "
                            + lines.length()
                            + "\r\n\r\n" + lines)
                    .untilClosed()
                    .split("\r\n\r\n", 2);

            assertThat(answer[0])
                    .startsWith("HTTP/1.0 200")
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .doesNotContainIgnoringCase("keep-alive");
            assertThat(answer[1].lines().map(JSON::readTree))
                    .hasSize(2)
                    .allSatisfy(
                            line -> assertThat(line.at("/status").asString()).isEqualTo("ACCEPTED"));
        }
    }

    @Test
    void aBatchWithAKeyThatIsSentAgainIsCarriedOutOnce() {
        String eventId = office.event(100);
        String lines = book(eventId, "alice") + "\n" + book(eventId, "alice") + "\n";
        String key = "batch " + UUID.randomUUID();

        List<JsonNode> first = batch(gateway.port(), lines, "Idempotency-Key", key);
        List<JsonNode> again = batch(office.port(), lines, "Idempotency-Key", key);
        List<JsonNode> other = batch(gateway.port(), lines, "Idempotency-Key", key + "'");

        assertThat(again).isEqualTo(first);
        assertThat(first.get(0).get("commandId")).isNotEqualTo(first.get(1).get("commandId"));
        assertThat(other.get(0).get("commandId")).isNotEqualTo(first.get(0).get("commandId"));
        assertThat(confirmed(eventId)).isEqualTo(4);
    }

    @Test
    void aHundredThousandLinesPassThroughLittleMemoryInTheOrderOfTheirLines() throws Exception {
        String eventId = office.event(MANY);
        batch(gateway.port(), (book(eventId, "warm") + "\n").repeat(2_000));
        long before = gateway.liveHeapBytes();
        long most = 0;
        try (BatchConnection batch = new BatchConnection(gateway.port())) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(batch, eventId, MANY), threads);
            for (int i = 1; i <= MANY; i++) {
                JsonNode answer = batch.answer().orElseThrow();
                // The last 2,000 find no seats.
                assertThat(answer.at("/line").asInt()).isEqualTo(i);
                assertThat(answer.at("/status").asString()).isEqualTo(i <= MANY - 2_000 ? "ACCEPTED" : "REJECTED");
                if (i % (MANY / 4) == 0) {
                    most = Math.max(most, gateway.liveHeapBytes());
                }
            }
            assertThat(batch.answer()).isEmpty();
            sending.join();
        }
        assertThat(most - before).isLessThan(16 * MEBIBYTE);
        assertThat(confirmed(eventId)).isEqualTo(MANY);
        assertThat(gateway.metric("booking_http_batch_lines_total{status=\"accepted\"}"))
                .isGreaterThanOrEqualTo(MANY);
    }

    @Test
    void whoReadsSlowlyIsReadSlowlyAndLosesNothing() throws Exception {
        int lines = 20_000;
        String eventId = office.event(lines);
        // More than what all buffers of a connection take.
        String book = book(eventId, "alice").replace("}", ",\"filling\":\"" + "x".repeat(2_000) + "\"}\n");
        try (BatchConnection batch = new BatchConnection(gateway.port())) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(
                    () -> {
                        for (int i = 0; i < lines; i += PIECE) {
                            send(batch, book.repeat(PIECE));
                        }
                        end(batch);
                    },
                    threads);
            // Nobody reads. It comes to a stand: what is decided, and what is sent, does not move on.
            int taken = standstill(() -> confirmed(eventId));
            assertThat(taken).isGreaterThanOrEqualTo(1_000).isLessThan(lines / 2);
            assertThat(sending).isNotDone();
            assertThat(gateway.metric("booking_waiting")).isZero();
            assertThat(gateway.client().get("/v1/events/" + eventId).status()).isEqualTo(200);

            for (int i = 1; i <= lines; i++) {
                assertThat(batch.answer().orElseThrow().at("/status").asString())
                        .isEqualTo("ACCEPTED");
            }
            assertThat(batch.answer()).isEmpty();
            sending.join();
        }
        assertThat(confirmed(eventId)).isEqualTo(lines);
    }

    @Test
    void aThousandLinesMayBeSentBeforeAnyAnswerIsRead() throws IOException {
        String eventId = office.event(1_000);
        try (BatchConnection batch = new BatchConnection(gateway.port())) {
            batch.send((book(eventId, "alice") + "\n").repeat(1_000)).end();
            await().atMost(BookingOffice.PATIENCE).until(() -> confirmed(eventId) == 1_000);
            for (int i = 1; i <= 1_000; i++) {
                assertThat(batch.answer()).isPresent();
            }
            assertThat(batch.answer()).isEmpty();
        }
    }

    @Test
    void anAnswerComesBeforeTheNextLineIsSent() throws IOException {
        String eventId = office.event(10);
        try (BatchConnection batch = new BatchConnection(gateway.port())) {
            for (int i = 1; i <= 5; i++) {
                batch.send(book(eventId, "alice") + "\n");
                assertThat(batch.answer().orElseThrow().at("/line").asInt()).isEqualTo(i);
            }
            batch.end();
            assertThat(batch.answer()).isEmpty();
        }
    }

    @Test
    void whoLeavesInTheMiddleLeavesNothingBehindAndWhatWasSentIsDecided() throws IOException {
        String eventId = office.event(10_000);
        String key = "left " + UUID.randomUUID();
        String lines = (book(eventId, "alice") + "\n").repeat(3_000);
        int read = 700;
        List<JsonNode> seen = new ArrayList<>();
        try (BatchConnection batch = new BatchConnection(gateway.port(), "Idempotency-Key: " + key + "\r\n")) {
            batch.send(lines);
            for (int i = 0; i < read; i++) {
                seen.add(batch.answer().orElseThrow());
            }
        }
        await().atMost(BookingOffice.PATIENCE)
                .until(() ->
                        gateway.metric("booking_http_batches_open") == 0 && gateway.metric("booking_waiting") == 0);

        // The same batch again, as its client would: what was answered stays as it was, and nothing is done twice.
        List<JsonNode> again = batch(gateway.port(), lines, "Idempotency-Key", key);

        assertThat(again.subList(0, read)).isEqualTo(seen);
        assertThat(again).extracting(answer -> answer.at("/status").asString()).containsOnly("ACCEPTED");
        assertThat(confirmed(eventId)).isEqualTo(3_000);
    }

    @Test
    void aGatewayThatStopsAnswersWhatItHasTakenAndSaysThatTheRestWasNotRead() throws Exception {
        GatewayProcess stopping = office.startGatewayProcess(Map.of());
        String eventId = office.event(MANY);
        List<JsonNode> answers = new ArrayList<>();
        try (BatchConnection batch = new BatchConnection(stopping.port())) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(batch, eventId, MANY), threads);
            while (answers.size() < 2_000) {
                answers.add(batch.answer().orElseThrow());
            }
            stopping.terminate();
            assertThatThrownBy(() -> {
                        for (Optional<JsonNode> answer = batch.answer(); answer.isPresent(); answer = batch.answer()) {
                            answers.add(answer.get());
                        }
                    })
                    .isInstanceOf(CutOffException.class);
            assertThat(sending).failsWithin(BookingOffice.PATIENCE);
        }
        // Each that was sent has been answered, and none has that was not.
        Set<String> answered = new HashSet<>();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).at("/line").asInt()).isEqualTo(i + 1);
            assertThat(answers.get(i).at("/status").asString()).isIn("ACCEPTED", "PENDING");
            answered.add(answers.get(i).at("/commandId").asString());
        }
        int published = answers.size();
        assertThat(stopping.endsWithin(BookingOffice.PATIENCE)).isTrue();
        // It comes after all that was written for this event.
        assertThat(batch(gateway.port(), book(eventId, "last"))
                        .get(0)
                        .at("/status")
                        .asString())
                .isEqualTo("ACCEPTED");
        assertThat(confirmed(eventId)).isEqualTo(published + 1);
        assertThat(answered).hasSize(published);
    }

    @Test
    void aGatewayThatStopsAnswersLinesThatWaitAndThoseThatItRefusedBetweenThem() throws Exception {
        try (BookingOffice unmanned = BookingOffice.unmanned(Map.of())) {
            GatewayProcess stopping = unmanned.startGatewayProcess(Map.of());
            List<String> statuses = new ArrayList<>();
            try (BatchConnection batch = new BatchConnection(stopping.port(), "Prefer: wait=30\r\n")) {
                String good = book("e1", "alice") + "\n";
                batch.send(good + "{}\n" + good + "{}\n" + good);
                await().atMost(BookingOffice.PATIENCE).until(() -> stopping.metric("booking_waiting") == 3);
                stopping.terminate();
                while (statuses.size() < 5) {
                    statuses.add(batch.answer().orElseThrow().at("/status").asString());
                }
            }
            assertThat(statuses).containsExactly("PENDING", "REFUSED", "PENDING", "REFUSED", "PENDING");
        }
    }

    @Test
    void linesOfOneCallerAreHeldToWhatThatCallerMayDo() {
        String eventId = office.event(10);
        Reply held = office.client()
                .post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\",\"holdSeconds\":600}");
        String hold = held.at("/bookingId");
        String confirm = "{\"type\":\"confirm\",\"eventId\":\"%s\",\"bookingId\":\"%s\"}".formatted(eventId, hold);
        List<JsonNode> answers = batch(
                strict.port(),
                String.join(
                        "\n",
                        "{\"type\":\"book\",\"eventId\":\"" + eventId + "\"}",
                        book(eventId, "alice"),
                        "{\"type\":\"createEvent\",\"name\":\"A\",\"date\":\"2027-05-01T20:00:00Z\"}",
                        confirm,
                        confirm.replace(hold, UUID.randomUUID().toString()),
                        "{\"type\":\"cancel\",\"eventId\":\"%s\",\"bookingId\":\"%s\"}".formatted(eventId, hold),
                        "{\"type\":\"cancel\",\"eventId\":\"%s\",\"bookingId\":\"%s\",\"userId\":\"alice\"}"
                                .formatted(eventId, hold),
                        book(eventId, "alice").replace("book", "joinWaitlist"),
                        book(eventId, "alice").replace("book", "leaveWaitlist"),
                        book(eventId, "alice").replace("\"book\"", "\"hold\",\"holdSeconds\":60")),
                "Authorization",
                "Bearer " + bob);

        assertThat(answers)
                .extracting(answer -> answer.at("/status").asString() + " "
                        + answer.at("/problem/reason").asString("")
                        + answer.at("/result/reason").asString(""))
                .containsExactly(
                        "ACCEPTED ",
                        "REFUSED FORBIDDEN",
                        "REFUSED FORBIDDEN",
                        "REFUSED FORBIDDEN",
                        "REFUSED BOOKING_NOT_FOUND",
                        "REJECTED NOT_THE_OWNER",
                        "REFUSED FORBIDDEN",
                        "REFUSED FORBIDDEN",
                        "REFUSED FORBIDDEN",
                        "REFUSED FORBIDDEN");
        assertThat(answers.get(0).at("/result/userId").asString()).isEqualTo("bob");
        assertThat(answers.get(1).at("/commandId").asString()).isNotEmpty();
        assertThat(batch(strict.port(), confirm, "Authorization", "Bearer " + alice)
                        .get(0)
                        .at("/status")
                        .asString())
                .isEqualTo("ACCEPTED");
    }

    @Test
    void linesCountAsCallsAndBatchesAreCounted() throws IOException {
        String eventId = office.event(100);
        // The call itself is one of the twenty.
        List<JsonNode> answers =
                batch(strict.port(), (book(eventId, "x") + "\n").repeat(25), "Authorization", "Bearer " + desk);
        assertThat(answers.subList(0, 19))
                .extracting(answer -> answer.at("/status").asString())
                .containsOnly("ACCEPTED");
        assertThat(answers.subList(19, 25)).allSatisfy(answer -> {
            assertThat(answer.at("/status").asString()).isEqualTo("REFUSED");
            assertThat(answer.at("/problem/reason").asString()).isEqualTo("RATE_LIMITED");
            assertThat(answer.at("/retryAfter").asInt()).isPositive();
        });
        assertThat(confirmed(eventId)).isEqualTo(19);

        String ofAlice = "Authorization: Bearer " + alice + "\r\n";
        try (BatchConnection one = new BatchConnection(strict.port(), ofAlice)) {
            one.send("{}\n");
            assertThat(one.answer()).isPresent();
            try (RawConnection two = new RawConnection(strict.port())) {
                two.send("POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                        + ofAlice + "Content-Length: 0\r\n\r\n");
                assertThat(two.until("}")).startsWith("HTTP/1.1 503").contains("TOO_MANY_BATCHES", "Retry-After");
            }
        }
        await().atMost(BookingOffice.PATIENCE).until(() -> metricOfStrict("booking_http_batches_open") == 0);
    }

    private double metricOfStrict(String series) {
        return Client.send(HttpRequest.newBuilder(strict.client().uri("/metrics"))
                        .header("Authorization", "Bearer " + bob)
                        .build())
                .text()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCallerThatMayGoOnSoonIsSlowedDownAndAKeyThatIsTakenBackIsNoGoodForTheNextLines(@TempDir Path directory)
            throws IOException {
        String late = ApiKey.newText();
        Path file = Files.writeString(
                directory.resolve("keys"), line("late", late, Set.of(Role.READ, Role.BOOK), Optional.of("late")));
        GatewayProcess slow = office.startGatewayProcess(Map.of(
                "BOOKING_AUTH_API_KEYS_FILE",
                file.toString(),
                "BOOKING_HTTP_RATE_LIMIT",
                "50",
                "BOOKING_HTTP_RATE_LIMIT_WINDOW",
                "1s"));
        String eventId = office.event(1_000);
        String book = book(eventId, "late") + "\n";

        assertThat(batch(slow.port(), book.repeat(200), "Authorization", "Bearer " + late))
                .hasSize(200)
                .extracting(answer -> answer.at("/status").asString())
                .containsOnly("ACCEPTED");

        try (BatchConnection batch = new BatchConnection(slow.port(), "Authorization: Bearer " + late + "\r\n")) {
            assertThat(batch.send(book).answer().orElseThrow().at("/status").asString())
                    .isEqualTo("ACCEPTED");
            Files.writeString(file, "# nobody\n");
            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> batch.send(book)
                            .answer()
                            .orElseThrow()
                            .at("/problem/reason")
                            .asString("")
                            .equals("NOT_AUTHENTICATED"));
        }
    }

    @Test
    void whatIsNotDecidedInTimeIsPendingAndWhereItStandsIsTold() {
        try (BookingOffice unmanned = BookingOffice.unmanned(Map.of())) {
            List<JsonNode> answers =
                    batch(unmanned.port(), (book("e1", "alice") + "\n").repeat(1_500), "Prefer", "respond-async");

            assertThat(answers)
                    .hasSize(1_500)
                    .extracting(answer -> answer.at("/status").asString())
                    .containsOnly("PENDING");
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).at("/position/offset").asInt()).isEqualTo(i);
            }
            String id = answers.get(7).at("/commandId").asString();
            Reply status = unmanned.client()
                    .get("/v1/commands/" + id + "?at="
                            + answers.get(7).at("/position/partition").asInt() + "-7");
            assertThat(status.at("/ahead")).isEqualTo("7");
        }
    }

    private static List<JsonNode> batch(int port, String lines, String... headers) {
        Reply reply = reply(port, lines, headers);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).contains("application/x-ndjson");
        return reply.text().lines().map(JSON::readTree).toList();
    }

    private static Reply reply(int port, String lines, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(new Client(port).uri(PATH))
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(lines));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Client.send(request.build());
    }

    private static void send(BatchConnection batch, String eventId, int lines) {
        for (int i = 0; i < lines; i += PIECE) {
            send(batch, (book(eventId, "alice") + "\n").repeat(PIECE));
        }
        end(batch);
    }

    private static void send(BatchConnection batch, String lines) {
        try {
            batch.send(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(BatchConnection batch) {
        try {
            batch.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String book(String eventId, String userId) {
        return "{\"type\":\"book\",\"eventId\":\"" + eventId + "\",\"userId\":\"" + userId + "\"}";
    }

    private int confirmed(String eventId) {
        return Integer.parseInt(office.client().get("/v1/events/" + eventId).at("/event/confirmed"));
    }

    /** What this number comes to when it moves no more while no command of the gateway is undecided. */
    private int standstill(IntSupplier number) {
        AtomicInteger last = new AtomicInteger(-1);
        AtomicInteger looks = new AtomicInteger();
        await().atMost(BookingOffice.PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    int now = number.getAsInt();
                    boolean still = last.getAndSet(now) == now && gateway.metric("booking_waiting") == 0;
                    looks.set(still ? looks.get() + 1 : 0);
                    return looks.get() >= 10;
                });
        return last.get();
    }
}
