package booking.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Clients that want to keep a gateway from its work, and clients whose gateway dies; each is a process of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileClientsIT {
    private static final int SLOW = 200;
    private static final int READERS = 1_000;
    private static final int FLOODERS = 50;
    /** More than there are places for connections. */
    private static final int HALF_HEADS = 3_000;
    /** What they ask for would take the heap several times. */
    private static final int NON_READERS = 250;
    /** What they send ahead would take half of the heap, if it were all made into requests. */
    private static final int PIPELINES = 250;
    /** More than may be given what they have missed at the same time. */
    private static final int RETURNERS = 260;

    private static final int ATTEMPTS = 50;

    private static final int MEBIBYTE = 1 << 20;
    /** What a connection takes, with the piece that is being written to it, times their number. */
    private static final long MOST_FOR_CONNECTIONS = 32L * MEBIBYTE;
    /** What a reader may be behind with; the same for all who read the same. */
    private static final long BEHIND = 8L * MEBIBYTE;

    /** What waits for those who are given what they have missed, and what the consumers have fetched for them. */
    private static final long MOST_FOR_RETURNERS = 96L * MEBIBYTE;

    /** The whole heap is 192. */
    private static final long MOST_FOR_HALF_HEADS = 96L * MEBIBYTE;

    /** An eighth of the heap, and what the connections take. */
    private static final long MOST_FOR_UNREAD_ANSWERS = 56L * MEBIBYTE;

    /** A good deal less than one connection may take. */
    private static final long MOST_FOR_PIPELINES = PIPELINES * 80L * 1024;

    private static final long MOST_AFTERWARDS = 8L * MEBIBYTE;
    /** Beyond what a reader may be behind with, and what the buffers of its connection take. */
    private static final int PUBLISHED_MEBIBYTES = 12;

    static final String SLOW_HEAD = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\n";
    static final String SLOW_BODY = SLOW_HEAD + "Content-Type: application/json\r\nContent-Length: 10000\r\n\r\n";
    private static final String ALICE = "{\"userId\":\"alice\"}";

    private BookingOffice office;
    private GatewayProcess gateway;
    private GatewayProcess patient;

    @BeforeAll
    void open() {
        office = BookingOffice.open();
        gateway = office.startGatewayProcess(
                Map.of("BOOKING_HTTP_STREAMS", Integer.toString(READERS), "BOOKING_HTTP_REQUEST_TIMEOUT", "3s"));
        // Whoever is closed by this one is so for another reason than time.
        patient = office.startGatewayProcess(Map.of("BOOKING_HTTP_REQUEST_TIMEOUT", "5m"));
    }

    @AfterAll
    void close() {
        office.close();
    }

    @Test
    void othersAreAnsweredWhileManySendSlowlyOrDoNotReadAndThatTakesNoMemory() throws Exception {
        String eventId = office.event(100_000);
        book(eventId, 200);
        long before = gateway.liveHeapBytes();
        double dropped = gateway.metric("booking_streams_dropped_total");
        try (SlowConnections readers = SlowConnections.stalledReaders(
                        gateway.port(),
                        READERS,
                        "GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n",
                        "HTTP/1.1 200 OK");
                SlowConnections heads = SlowConnections.senders(gateway.port(), SLOW, SLOW_HEAD + "X: ", "y");
                SlowConnections bodies = SlowConnections.senders(gateway.port(), SLOW, SLOW_BODY, " ")) {
            assertThat(gateway.metric("booking_streams_open")).isEqualTo(readers.size());
            Reply refused = gateway.client().get("/v1/stream");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.at("/reason")).isEqualTo("TOO_MANY_STREAMS");

            await().atMost(BookingOffice.PATIENCE).until(() -> {
                book(eventId, 20);
                return heads.cut() == SLOW && bodies.cut() == SLOW;
            });
            assertThat(gateway.metric("booking_streams_open")).isEqualTo(READERS);

            for (int i = 0; i < PUBLISHED_MEBIBYTES; i++) {
                publishMebibyte();
                book(eventId, 5);
                if (i == PUBLISHED_MEBIBYTES / 2) {
                    assertThat(gateway.liveHeapBytes() - before).isLessThan(MOST_FOR_CONNECTIONS + BEHIND);
                }
            }
            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> gateway.metric("booking_streams_dropped_total") - dropped == READERS);
            assertThat(gateway.liveHeapBytes() - before).isLessThan(MOST_FOR_CONNECTIONS);
            book(eventId, 20);
        }
        await().atMost(BookingOffice.PATIENCE).until(() -> gateway.metric("booking_streams_open") == 0);
        assertThat(gateway.client().head("/v1/stream").status()).isEqualTo(200);
        assertThat(gateway.liveHeapBytes() - before).isLessThan(MOST_AFTERWARDS);
    }

    @Test
    void whoComesBackAndDoesNotReadIsDroppedAndOthersAreGivenWhatTheyHaveMissed() throws Exception {
        String lastId;
        try (RawConnection reader =
                new RawConnection(gateway.port()).send("GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            reader.until("\nid: ");
            lastId = reader.until("\n").strip();
        }
        for (int i = 0; i < PUBLISHED_MEBIBYTES / 2; i++) {
            publishMebibyte();
        }
        publish("{\"last\":\"" + lastId + "\"}");
        long before = gateway.liveHeapBytes();
        double dropped = gateway.metric("booking_streams_dropped_total");
        String request = "GET /v1/stream?lastEventId=" + lastId + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (SlowConnections returners = SlowConnections.askers(gateway.port(), RETURNERS, request)) {
            Map<String, Long> answers = returners.answers("HTTP/1.1 200".length()).stream()
                    .collect(Collectors.groupingBy(answer -> answer, Collectors.counting()));
            assertThat(answers).containsOnlyKeys("HTTP/1.1 200", "HTTP/1.1 503");
            assertThat(gateway.liveHeapBytes() - before).isLessThan(MOST_FOR_RETURNERS);
            // Some megabytes are taken for each of them before it is noticed that it does not read.
            await().atMost(BookingOffice.PATIENCE.multipliedBy(5))
                    .until(() -> gateway.metric("booking_streams_dropped_total") - dropped
                            == answers.getOrDefault("HTTP/1.1 200", 0L));
            try (RawConnection reader = new RawConnection(gateway.port()).send(request)) {
                assertThat(reader.until("{\"last\":\"" + lastId + "\"}")).startsWith("HTTP/1.1 200");
            }
        }
        await().atMost(BookingOffice.PATIENCE).until(() -> gateway.metric("booking_streams_open") == 0);
    }

    @Test
    void whoAsksWithoutEndAndReadsNoAnswersIsCutAndKeepsNobodyWaiting() throws Exception {
        String eventId = office.event(100_000);
        book(eventId, 50);
        long before = gateway.liveHeapBytes();
        String request = "GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (SlowConnections flood = SlowConnections.flooders(gateway.port(), FLOODERS, request.repeat(500))) {
            await().atMost(BookingOffice.PATIENCE).until(() -> {
                book(eventId, 5);
                return flood.cut() == FLOODERS;
            });
        }
        assertThat(gateway.liveHeapBytes() - before).isLessThan(MOST_AFTERWARDS);
    }

    @Test
    void halfSentHeadsWithoutEndTakeNeitherAllMemoryNorTheirPlaceFromThoseWhoSendWholeOnes() throws Exception {
        String eventId = office.event(100_000);
        book(patient, eventId, 50);
        long before = patient.liveHeapBytes();
        double places = patient.metric("booking_http_connections_limit");
        assertThat(places).isLessThan(HALF_HEADS);
        String begun = "GET /v1/events HTTP/1.1\r\n";
        // More fields than may be.
        try (SlowConnections heads =
                SlowConnections.senders(patient.port(), HALF_HEADS, begun + "a:\r\n".repeat(2_000), "")) {
            await().atMost(BookingOffice.PATIENCE).until(() -> {
                book(patient, eventId, 5);
                return heads.cut() == HALF_HEADS;
            });
            assertThat(patient.liveHeapBytes() - before).isLessThan(MOST_FOR_HALF_HEADS);
        }
        // As many as may be, and as long.
        String fields = ("a: " + "y".repeat(75) + "\r\n").repeat(95);
        try (SlowConnections heads = SlowConnections.senders(patient.port(), HALF_HEADS, begun + fields, "")) {
            await().atMost(BookingOffice.PATIENCE).until(() -> {
                book(patient, eventId, 5);
                return heads.cut() >= HALF_HEADS - places && patient.metric("booking_http_connections_open") <= places;
            });
            assertThat(patient.metric("booking_http_connections_displaced_total"))
                    .isPositive();
            assertThat(patient.liveHeapBytes() - before).isLessThan(MOST_FOR_HALF_HEADS);
        }
        await().atMost(BookingOffice.PATIENCE)
                .until(() -> patient.metric("booking_http_connections_open") < places / 2);
        assertThat(patient.liveHeapBytes() - before).isLessThan(MOST_AFTERWARDS);
    }

    @Test
    void largeAnswersThatNobodyReadsAreBoundedAndOthersAreGivenTheirs() throws Exception {
        String eventId = office.event(100_000);
        String longText = "\u6f22".repeat(250);
        office.sql()
                .sql(
                        "INSERT INTO events (id, name, date, venue, version, capacity, confirmed, held)"
                                + " SELECT 'zz-' || lpad(i::text, 100, '0'), ?, now(), ? || i, 1, 1, 0, 0 FROM generate_series(1, 1000) AS i")
                .params(longText, longText)
                .update();
        String page = "/v1/events?limit=1000&after=zz";
        try {
            int large = persistently(() -> gateway.client().get(page)).body().length;
            assertThat((long) large * NON_READERS).isGreaterThan(2 * 192L * MEBIBYTE);
            book(eventId, 20);
            long before = gateway.liveHeapBytes();
            for (String path : List.of(page, "/docs/swagger-ui-bundle.js", "/metrics")) {
                String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                try (SlowConnections unread = SlowConnections.askers(gateway.port(), NON_READERS, request)) {
                    assertThat(unread.size()).isEqualTo(NON_READERS);
                    // Whoever looks for something may be told to come back in a moment.
                    await().atMost(BookingOffice.PATIENCE)
                            .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                            .until(() -> gateway.client()
                                            .get("/v1/events/" + eventId)
                                            .status()
                                    == 200);
                    await().atMost(BookingOffice.PATIENCE)
                            .ignoreExceptionsInstanceOf(UncheckedIOException.class)
                            .until(
                                    () -> gateway.client().get(page),
                                    reply -> reply.status() == 200 && reply.body().length == large);
                    assertThat(gateway.liveHeapBytes() - before).isLessThan(MOST_FOR_UNREAD_ANSWERS);
                    await().atMost(BookingOffice.PATIENCE)
                            .until(() -> gateway.metric("booking_http_answers_held_bytes") == 0);
                }
            }
            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> gateway.metric("booking_http_connections_open") < NON_READERS);
            assertThat(gateway.liveHeapBytes() - before).isLessThan(MOST_AFTERWARDS);
        } finally {
            office.sql().sql("DELETE FROM events WHERE id LIKE 'zz-%'").update();
        }
    }

    @Test
    void whatIsSentAheadWhileAnAnswerIsNotReadIsNotMadeIntoRequests() throws Exception {
        String eventId = office.event(100_000);
        book(patient, eventId, 20);
        long before = patient.liveHeapBytes();
        // The gateway reads more at a time from whoever has sent much.
        String longHead = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nX: " + "y".repeat(2_000) + "\r\n\r\n";
        String unread = "GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(5);
        String requests = "A / HTTP/1.0\r\n\r\n".repeat(1_000);
        String chunks = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "1\r\na\r\n".repeat(2_600);
        for (String ahead : List.of(requests, chunks)) {
            try (SlowConnections pipelines =
                    SlowConnections.askers(patient.port(), PIPELINES, longHead + unread + ahead)) {
                String answered = "HTTP/1.1 200";
                assertThat(pipelines.answers(answered.length())).containsOnly(answered);
                book(patient, eventId, 5);
                assertThat(patient.liveHeapBytes() - before).isLessThan(MOST_FOR_PIPELINES);
            }
        }
        await().atMost(BookingOffice.PATIENCE)
                .until(() -> patient.metric("booking_http_connections_open") < PIPELINES / 2);
        assertThat(patient.liveHeapBytes() - before).isLessThan(MOST_AFTERWARDS);
    }

    private void book(String eventId, int times) {
        book(gateway, eventId, times);
    }

    private static void book(GatewayProcess at, String eventId, int times) {
        for (int i = 0; i < times; i++) {
            // A connection that is idle may be cut just then: so, as clients do, again with the same key.
            String key = UUID.randomUUID().toString();
            Reply booked = persistently(
                    () -> at.client().post(bookings(eventId), ALICE, "Idempotency-Key", key, "Prefer", "wait=30"));
            assertThat(booked.status()).as(booked.text()).isEqualTo(201);
            assertThat(persistently(() -> at.client().get("/v1/events/" + eventId))
                            .status())
                    .isEqualTo(200);
        }
    }

    private static Reply persistently(Supplier<Reply> request) {
        for (int attempt = 1; ; attempt++) {
            try {
                return request.get();
            } catch (UncheckedIOException cut) {
                if (attempt == ATTEMPTS) {
                    throw cut;
                }
            }
        }
    }

    /** Lets readers of streams have that much. */
    private void publishMebibyte() {
        String filling = "{\"filling\":\"" + "x".repeat(1_000) + "\"}";
        publish(Collections.nCopies(MEBIBYTE / filling.length(), filling).toArray(String[]::new));
    }

    private void publish(String... results) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, office.servers().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (String result : results) {
                var unused = producer.send(
                        new ProducerRecord<>(office.topics().results(), "e1".getBytes(UTF_8), result.getBytes(UTF_8)));
            }
        }
    }

    @Test
    void aHundredEqualRequestsAtTwoGatewaysAtOnceAreOneBookingAndAHundredEqualAnswers() {
        String eventId = office.event(1_000);
        String key = "order " + UUID.randomUUID();

        List<CompletableFuture<Reply>> requests = IntStream.range(0, 100)
                .mapToObj(i -> (i % 2 == 0 ? gateway : patient)
                        .client()
                        .postAsync(bookings(eventId), ALICE, "Idempotency-Key", key, "Prefer", "wait=30"))
                .toList();
        List<Reply> replies = requests.stream().map(CompletableFuture::join).toList();

        assertThat(replies).extracting(Reply::status).containsOnly(201);
        assertThat(replies).extracting(Reply::text).containsOnly(replies.get(0).text());
        assertThat(replies)
                .extracting(reply -> reply.header("Location"))
                .containsOnly(replies.get(0).header("Location"));
        assertThat(bookingsOf(patient.client(), eventId)).isEqualTo(1);
        assertThat(patient.client().get("/v1/events/" + eventId).at("/event/confirmed"))
                .isEqualTo("1");
    }

    @Test
    void aBookingThatAKilledGatewayHadSentIsMadeOnceThoughItsClientRepeatsItElsewhere() {
        // Without a processor the answer waits, however long Kafka has had the command.
        try (BookingOffice unmanned = BookingOffice.unmanned(Map.of())) {
            GatewayProcess killed = unmanned.startGatewayProcess(Map.of());
            String eventId = "e-" + UUID.randomUUID();
            String key = UUID.randomUUID().toString();
            Reply event = unmanned.client()
                    .post(
                            "/v1/events",
                            "{\"eventId\":\"%s\",\"name\":\"A\",\"date\":\"2027-05-01T20:00:00Z\",\"venue\":\"%s\",\"capacity\":9}"
                                    .formatted(eventId, eventId),
                            "Prefer",
                            "respond-async");
            assertThat(event.status()).isEqualTo(202);

            CompletableFuture<Reply> lost =
                    killed.client().postAsync(bookings(eventId), ALICE, "Idempotency-Key", key, "Prefer", "wait=30");
            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> killed.metric("booking_commands_acknowledgement_seconds_count") == 1);
            assertThat(lost).isNotDone();
            killed.kill();
            assertThatThrownBy(lost::join).hasCauseInstanceOf(IOException.class);

            // As a client does: again and again with the same key, until it is told.
            unmanned.startProcessor();
            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> unmanned.client()
                                    .post(bookings(eventId), ALICE, "Idempotency-Key", key, "Prefer", "wait=30")
                                    .status()
                            == 201);
            assertThat(bookingsOf(unmanned.client(), eventId)).isEqualTo(1);
            Reply booking = unmanned.client().get(bookings(eventId) + "/" + key);
            assertThat(booking.at("/status")).isEqualTo("CONFIRMED");
            // It was the lost request that was carried out: it stands right after the event's in their line.
            Reply result = unmanned.client().get("/v1/commands/" + key);
            assertThat(result.json().at("/result/position/offset").asLong())
                    .isEqualTo(event.json().at("/position/offset").asLong() + 1);
        }
    }

    private static int bookingsOf(Client client, String eventId) {
        return client.get(bookings(eventId)).json().get("bookings").size();
    }

    private static String bookings(String eventId) {
        return "/v1/events/" + eventId + "/bookings";
    }
}
