package booking.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.schemas.command.CommandType;
import booking.schemas.result.Accepted;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.EventSnapshot;
import booking.schemas.result.Position;
import booking.schemas.result.Reason;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import booking.schemas.result.ResultEncoder;
import booking.schemas.topic.HeaderNames;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway without a processor: nobody decides, or the test does, by writing results itself. */
class UndecidedIT {
    private static final String BODY = "{\"userId\":\"alice\"}";
    private static final int ROOM = 3;

    private BookingOffice office;
    private Client client;
    private KafkaConsumer<String, byte[]> commands;
    private KafkaProducer<String, byte[]> results;
    private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

    @BeforeEach
    void open() {
        office = BookingOffice.unmanned(Map.of("BOOKING_HTTP_WAITING_ROOM", Integer.toString(ROOM)));
        client = office.client();
        String servers = office.servers().bootstrapServers();
        commands = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = commands.partitionsFor(office.topics().commands()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        commands.assign(partitions);
        commands.seekToBeginning(partitions);
        results = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void close() {
        commands.close();
        results.close();
        office.close();
    }

    @Test
    void whatIsNotDecidedInTimeIs202AndCanBeAskedFor() {
        client.post(bookings("e1"), BODY, "Prefer", "respond-async");
        client.post(bookings("e1"), BODY, "Prefer", "respond-async");

        long start = System.nanoTime();
        Reply reply = client.post(bookings("e1"), BODY, "Prefer", "wait=1");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.header("Preference-Applied")).contains("wait=1");
        assertThat(reply.at("/status")).isEqualTo("PENDING");
        assertThat(reply.at("/position/offset")).isEqualTo("2");
        String location = reply.header("Location").orElseThrow();
        assertThat(location)
                .isEqualTo("/v1/commands/" + reply.at("/commandId") + "?at=" + reply.at("/position/partition") + "-2");
        Reply status = client.get(location);
        assertThat(status.status()).isEqualTo(200);
        assertThat(status.at("/status")).isEqualTo("PENDING");
        assertThat(status.at("/ahead")).isEqualTo("2");
        // Nothing has been written there yet.
        String at = "/v1/commands/" + reply.at("/commandId") + "?at=";
        int partition = Integer.parseInt(reply.at("/position/partition"));
        for (String nowhere : List.of(partition + "-3", partition + "-999999999999", "99-0")) {
            assertThat(client.get(at + nowhere).at("/reason")).as(nowhere).isEqualTo("COMMAND_NOT_FOUND");
        }
        // Without its position an undecided command is unknown.
        assertThat(client.get("/v1/commands/" + reply.at("/commandId")).status())
                .isEqualTo(404);
    }

    @Test
    void whatIsWrittenIsOneCommandWithItsHeaders() {
        String key = UUID.randomUUID().toString();
        String traceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

        client.post(
                bookings("e1"),
                "{\"userId\":\"alice\",\"quantity\":2,\"unknown\":true}",
                "Prefer",
                "respond-async",
                "Idempotency-Key",
                key,
                "If-Match",
                "\"7\"",
                "traceparent",
                traceParent,
                "tracestate",
                "vendor=1");

        ConsumerRecord<String, byte[]> command = command(0);
        assertThat(command.key()).isEqualTo("e1");
        assertThat(new String(command.value(), UTF_8))
                .isEqualTo(
                        ("{\"type\":\"book\",\"commandId\":\"%s\",\"eventId\":\"e1\",\"userId\":\"alice\",\"quantity\":2,"
                                        + "\"expectedVersion\":7}")
                                .formatted(key));
        assertThat(header(command, HeaderNames.ID)).isEqualTo(key);
        assertThat(header(command, HeaderNames.TYPE)).isEqualTo("booking.command.book");
        assertThat(header(command, HeaderNames.SPEC_VERSION)).isEqualTo("1.0");
        assertThat(header(command, HeaderNames.SOURCE)).isEqualTo("/booking/gateway");
        assertThat(header(command, HeaderNames.CONTENT_TYPE)).isEqualTo("application/json");
        assertThat(Instant.parse(header(command, HeaderNames.TIME))).isBefore(Instant.now());
        assertThat(header(command, HeaderNames.TRACE_PARENT)).isEqualTo(traceParent);
        assertThat(header(command, HeaderNames.TRACE_STATE)).isEqualTo("vendor=1");
    }

    @Test
    void twoRequestsWithOneKeyGetTheAnswersToTheirOwnRecords() {
        String key = UUID.randomUUID().toString();
        CompletableFuture<Reply> alice =
                client.postAsync(bookings("e1"), BODY, "Idempotency-Key", key, "Prefer", "wait=30");
        ConsumerRecord<String, byte[]> first = command(0);
        CompletableFuture<Reply> mallory = client.postAsync(
                bookings("e1"), "{\"userId\":\"mallory\"}", "Idempotency-Key", key, "Prefer", "wait=30");
        ConsumerRecord<String, byte[]> second = command(1);

        publish(second, rejected(second, Reason.COMMAND_ID_REUSED));
        publish(first, accepted(first));

        assertThat(mallory.join().status()).isEqualTo(422);
        assertThat(alice.join().status()).isEqualTo(201);
        assertThat(alice.join().body()).isEqualTo(new ResultEncoder().encode(accepted(first)));
    }

    @Test
    void resultsOfOthersAreNotTakenForTheOwn() {
        CompletableFuture<Reply> reply = client.postAsync(bookings("e1"), BODY, "Prefer", "wait=2");
        ConsumerRecord<String, byte[]> own = command(0);
        Result result = accepted(own);

        // The same command id, but another record; another topic; no source; no headers at all.
        publish(own, result, "/" + own.topic() + "/" + own.partition() + "/" + (own.offset() + 1));
        publish(own, result, "/elsewhere/" + own.partition() + "/" + own.offset());
        publish(own, result, "nonsense");
        send(new ProducerRecord<>(office.topics().results(), "e1", new ResultEncoder().encode(result)));
        send(new ProducerRecord<>(office.topics().results(), "e1", null));

        assertThat(reply.join().status()).isEqualTo(202);
    }

    @Test
    void aDecidedCommandThatCannotBeReadHereIsNoFailure() {
        CompletableFuture<Reply> reply = client.postAsync(bookings("e1"), BODY, "Prefer", "wait=30");
        ConsumerRecord<String, byte[]> own = command(0);

        publish(own, "{\"outcome\":\"REJECTED\",\"reason\":\"SOMETHING_NEW\"}".getBytes(UTF_8), source(own));

        assertThat(reply.join().status()).isEqualTo(202);
        assertThat(reply.join().header("Location")).isPresent();
    }

    @Test
    void aFullWaitingRoomIs503BeforeAnythingIsWritten() {
        List<CompletableFuture<Reply>> waiting = new ArrayList<>();
        for (int i = 0; i < ROOM; i++) {
            waiting.add(client.postAsync(bookings("e1"), BODY, "Prefer", "wait=30"));
        }
        command(ROOM - 1);

        Reply refused = client.post(bookings("e1"), BODY);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.at("/reason")).isEqualTo("WAITING_ROOM_FULL");
        assertThat(refused.header("Retry-After")).isPresent();
        for (int i = 0; i < ROOM; i++) {
            publish(command(i), accepted(command(i)));
        }
        waiting.forEach(reply -> assertThat(reply.join().status()).isEqualTo(201));
        // The next one is taken again, and it is the next record: nothing was written in between.
        assertThat(client.post(bookings("e1"), BODY, "Prefer", "respond-async").at("/position/offset"))
                .isEqualTo(Integer.toString(ROOM));
    }

    @Test
    void oneCallerLeavesRoomForTheOthers() throws IOException {
        GatewayProcess shared = office.startGatewayProcess(Map.of(
                "BOOKING_HTTP_CALLER_SHARE", "50",
                "BOOKING_HTTP_TRUSTED_PROXIES", "127.0.0.0/8",
                "BOOKING_HTTP_WAITING_ROOM", "4",
                "BOOKING_HTTP_STREAMS", "2",
                "BOOKING_HTTP_BATCHES", "2"));
        String from = "X-Forwarded-For";
        String greedy = "192.0.2.1";
        String other = "192.0.2.2";

        List<CompletableFuture<Reply>> waiting = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            waiting.add(shared.client().postAsync(bookings("e1"), BODY, "Prefer", "wait=30", from, greedy));
        }
        command(1);
        Reply refused = shared.client().post(bookings("e1"), BODY, from, greedy);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.at("/reason")).isEqualTo("TOO_MANY_AT_ONCE");
        assertThat(refused.header("Retry-After")).isPresent();
        waiting.add(shared.client().postAsync(bookings("e1"), BODY, "Prefer", "wait=30", from, other));
        for (int i = 0; i < 3; i++) {
            publish(command(i), accepted(command(i)));
        }
        waiting.forEach(reply -> assertThat(reply.join().status()).isEqualTo(201));
        assertThat(shared.client()
                        .post(bookings("e1"), BODY, "Prefer", "respond-async", from, greedy)
                        .status())
                .isEqualTo(202);

        String ofGreedy = from + ": " + greedy + "\r\n";
        try (RawConnection stream = new RawConnection(shared.port())
                .send("GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n" + ofGreedy + "\r\n")) {
            assertThat(stream.until(":\n\n")).startsWith("HTTP/1.1 200");
            assertThat(shared.client().head("/v1/stream", from, greedy).status())
                    .isEqualTo(429);
            assertThat(shared.client().head("/v1/stream", from, other).status()).isEqualTo(200);
        }
        await().atMost(BookingOffice.PATIENCE)
                .until(() -> shared.client().head("/v1/stream", from, greedy).status() == 200);

        String batch = String.join(
                "\r\n",
                "POST /v1/bookings:batch HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/x-ndjson",
                "Content-Length: 0",
                "");
        try (BatchConnection one = new BatchConnection(shared.port(), ofGreedy);
                RawConnection two = new RawConnection(shared.port());
                RawConnection three = new RawConnection(shared.port())) {
            one.send("{}\n");
            assertThat(one.answer()).isPresent();
            assertThat(two.send(batch + ofGreedy + "\r\n").until("}"))
                    .startsWith("HTTP/1.1 429")
                    .contains("TOO_MANY_AT_ONCE");
            assertThat(three.send(batch + from + ": " + other + "\r\n\r\n").until("\r\n"))
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whoLeavesGivesThePlaceBack() throws IOException {
        for (int i = 0; i < ROOM; i++) {
            try (RawConnection connection = new RawConnection(office.port())) {
                connection.send(
                        "POST " + bookings("e1") + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + "Prefer: wait=30\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY);
                command(i);
            }
        }

        await().atMost(BookingOffice.PATIENCE)
                .until(() ->
                        client.post(bookings("e1"), BODY, "Prefer", "wait=1").status() == 202);
    }

    @Test
    void aCommandWhoseOutcomeWasForgottenIs404() {
        Reply reply = client.post(bookings("e1"), BODY, "Prefer", "respond-async");
        office.startProcessor();
        String location = reply.header("Location").orElseThrow();
        await().atMost(BookingOffice.PATIENCE)
                .until(() -> client.get(location).at("/status").equals("REJECTED"));

        office.sql()
                .sql("DELETE FROM outcomes WHERE command_id = ?::uuid")
                .param(reply.at("/commandId"))
                .update();

        assertThat(client.get(location).status()).isEqualTo(404);
    }

    private static String bookings(String eventId) {
        return "/v1/events/" + eventId + "/bookings";
    }

    /** Waits for this command on the topic, counted in the order in which they are seen. */
    private ConsumerRecord<String, byte[]> command(int index) {
        await().atMost(BookingOffice.PATIENCE).until(() -> {
            commands.poll(Duration.ofMillis(50)).forEach(seen::add);
            return seen.size() > index;
        });
        return seen.get(index);
    }

    private void publish(ConsumerRecord<String, byte[]> command, Result result) {
        publish(command, result, source(command));
    }

    private void publish(ConsumerRecord<String, byte[]> command, Result result, String source) {
        publish(command, new ResultEncoder().encode(result), source);
    }

    private void publish(ConsumerRecord<String, byte[]> command, byte[] result, String source) {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(office.topics().results(), command.key(), result);
        record.headers().add(HeaderNames.ID, header(command, HeaderNames.ID).getBytes(UTF_8));
        record.headers().add(HeaderNames.SOURCE, source.getBytes(UTF_8));
        send(record);
    }

    private void send(ProducerRecord<String, byte[]> record) {
        var unused = results.send(record);
        results.flush();
    }

    private static String source(ConsumerRecord<String, byte[]> command) {
        return "/" + command.topic() + "/" + command.partition() + "/" + command.offset();
    }

    private static Result accepted(ConsumerRecord<String, byte[]> command) {
        UUID commandId = UUID.fromString(header(command, HeaderNames.ID));
        return new Accepted(
                CommandType.BOOK,
                commandId,
                command.key(),
                Optional.of(
                        new Accepted.ChangedBooking(commandId, BookingStatus.CONFIRMED, "alice", 1, Optional.empty())),
                Optional.empty(),
                new EventSnapshot(2, 10, 1, 0),
                new Position(command.partition(), command.offset()),
                Instant.ofEpochMilli(command.timestamp()));
    }

    private static Result rejected(ConsumerRecord<String, byte[]> command, Reason reason) {
        return new Rejected(
                Optional.of(CommandType.BOOK),
                UUID.fromString(header(command, HeaderNames.ID)),
                command.key(),
                reason,
                "so it is",
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                new Position(command.partition(), command.offset()),
                Instant.ofEpochMilli(command.timestamp()));
    }

    private static String header(ConsumerRecord<String, byte[]> command, String name) {
        return new String(command.headers().lastHeader(name).value(), UTF_8);
    }
}
