package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One trace goes from the request through both topics back to the answer, and its spans are sent where they belong. */
class TraceIT {
    private static final String USER = "telltale-" + UUID.randomUUID();
    /** What was sent to the collector, OTLP in protobuf: ids are in it as they are. */
    private static final Queue<byte[]> EXPORTED = new ConcurrentLinkedQueue<>();

    private static HttpServer collector;
    private static BookingOffice office;

    @BeforeAll
    static void open() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            EXPORTED.add(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        office = BookingOffice.unmanned(Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + collector.getAddress().getPort(),
                "OTEL_BSP_SCHEDULE_DELAY",
                "50"));
        var unused = office.startProcessor();
    }

    @AfterAll
    static void close() {
        office.close();
        collector.stop(0);
    }

    @Test
    void oneTraceGoesFromTheRequestThroughBothTopicsAndIsExportedByBothServices() {
        String eventId = office.event(1);
        String trace = randomHex(16);
        String client = randomHex(8);

        Reply reply = book(eventId, "00-" + trace + "-" + client + "-01");

        assertThat(reply.status()).isEqualTo(201);
        String commandId = reply.at("/commandId");
        SpanAt command = spanAt(office.topics().commands(), commandId);
        SpanAt result = spanAt(office.topics().results(), commandId);
        assertThat(List.of(command.trace(), result.trace())).containsOnly(trace);
        // Two lines of a header are one list.
        assertThat(List.of(command.state(), result.state())).containsOnly(Optional.of("vendor=1,other=2"));
        assertThat(List.of(client, command.span(), result.span())).doesNotHaveDuplicates();
        assertThat(List.of(command.flags(), result.flags())).containsOnly("01");
        Awaitility.await("the spans of both").atMost(BookingOffice.PATIENCE).untilAsserted(() -> {
            // Its own id, and that of the one before as its parent.
            assertThat(exported("booking-gateway", trace, client, command.span()))
                    .isTrue();
            assertThat(exported("booking-processor", trace, command.span(), result.span()))
                    .isTrue();
        });
        assertThat(EXPORTED)
                .anyMatch(export -> text(export).contains("POST /v1/events/{eventId}/bookings"))
                .anyMatch(export -> text(export).contains("decide book"))
                .as("says nothing of users")
                .noneMatch(export -> text(export).contains(USER));
    }

    @Test
    void whatIsNotSampledIsCarriedOnAllTheSameAndNotExported() {
        String eventId = office.event(1);
        String trace = randomHex(16);
        String sampled = randomHex(16);

        String commandId =
                book(eventId, "00-" + trace + "-" + randomHex(8) + "-00").at("/commandId");
        var unused = book(eventId, "00-" + sampled + "-" + randomHex(8) + "-01");

        SpanAt result = spanAt(office.topics().results(), commandId);
        assertThat(result.trace()).isEqualTo(trace);
        assertThat(result.flags()).isEqualTo("00");
        Awaitility.await("the span of the other, which came later")
                .atMost(BookingOffice.PATIENCE)
                .until(() -> exported("booking-gateway", sampled) && exported("booking-processor", sampled));
        assertThat(exported("booking-gateway", trace)).isFalse();
        assertThat(exported("booking-processor", trace)).isFalse();
    }

    @Test
    void aRequestWithoutATraceBeginsOne() {
        String eventId = office.event(1);

        String commandId = book(eventId, "no trace").at("/commandId");

        SpanAt result = spanAt(office.topics().results(), commandId);
        assertThat(result.trace())
                .isEqualTo(spanAt(office.topics().commands(), commandId).trace());
        Awaitility.await("its spans")
                .atMost(BookingOffice.PATIENCE)
                .until(() ->
                        exported("booking-gateway", result.trace()) && exported("booking-processor", result.trace()));
    }

    /** What the headers of a record say of the trace. */
    private record SpanAt(String trace, String span, String flags, Optional<String> state) {}

    private static Reply book(String eventId, String traceParent) {
        return office.client()
                .post(
                        "/v1/events/" + eventId + "/bookings",
                        "{\"userId\":\"" + USER + "\"}",
                        "traceparent",
                        traceParent,
                        "tracestate",
                        "vendor=1",
                        "tracestate",
                        "other=2");
    }

    /** Whether this service has sent a batch of spans in which these ids are. */
    private static boolean exported(String service, String... ids) {
        return EXPORTED.stream()
                .map(TraceIT::text)
                .anyMatch(export -> export.contains(service)
                        && List.of(ids).stream()
                                .allMatch(id ->
                                        export.contains(text(HexFormat.of().parseHex(id)))));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static SpanAt spanAt(String topic, String commandId) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        office.servers().bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + BookingOffice.PATIENCE.toNanos();
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (header(record, "ce_id").equals(Optional.of(commandId))) {
                        String[] parent =
                                header(record, "traceparent").orElseThrow().split("-", -1);
                        return new SpanAt(parent[1], parent[2], parent[3], header(record, "tracestate"));
                    }
                }
            }
            throw new AssertionError("no record of " + commandId + " in " + topic);
        }
    }

    private static Optional<String> header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? Optional.empty() : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    private static String randomHex(int bytes) {
        byte[] random = new byte[bytes];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
