package booking.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Results as server-sent events. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveStreamIT {
    private static final String REQUEST = "GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final int STREAMS = 2;
    private static final int MANY = 60_000;
    private static final Pattern LAST = Pattern.compile("\"last\":\\d+,");

    private BookingOffice office;
    private Client client;

    @BeforeAll
    void open() {
        office = BookingOffice.unmanned(Map.of("BOOKING_HTTP_STREAMS", Integer.toString(STREAMS)));
        office.startProcessor();
        client = office.client();
    }

    @AfterAll
    void close() {
        office.close();
    }

    @Test
    void everyResultIsSentAsItIsPublished() throws IOException {
        String eventId = office.event(1);
        try (RawConnection reader = stream()) {
            Reply taken = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}");
            Reply refused = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"bob\"}");

            String first = reader.until("}\n\n");
            assertThat(first).containsPattern("id: \\d+-\\d+\nevent: result\ndata: \\{");
            assertThat(first).contains("data: " + taken.text() + "\n\n");
            assertThat(reader.until("}\n\n"))
                    .contains("data: ")
                    .contains(refused.json().get("result").get("detail").asString());
        }
    }

    @Test
    void aResultOfSeveralLinesIsOneEvent() throws IOException {
        try (RawConnection reader = stream();
                KafkaProducer<byte[], byte[]> producer = producer()) {
            send(producer, "{\n\"a\":1,\r\nevent: forged\n\n}");

            assertThat(reader.until("}\n\n")).contains("data: { \"a\":1, event: forged }\n\n");
        }
    }

    @Test
    void thereAreSoManyStreamsAndNoMore() throws IOException {
        List<RawConnection> readers = new ArrayList<>();
        try {
            for (int i = 0; i < STREAMS; i++) {
                readers.add(stream());
            }
            Reply refused = client.get("/v1/stream");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.at("/reason")).isEqualTo("TOO_MANY_STREAMS");
            assertThat(refused.header("Retry-After")).isPresent();
        } finally {
            for (RawConnection reader : readers) {
                reader.close();
            }
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() -> client.head("/v1/stream").status() == 200);
    }

    @Test
    void whoDoesNotReadIsDroppedAndOthersGetEverything() throws Exception {
        try (Socket stalled = new Socket();
                RawConnection reader = stream();
                KafkaProducer<byte[], byte[]> producer = producer()) {
            stalled.setReceiveBufferSize(4_096);
            stalled.setSoTimeout(30_000);
            stalled.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), office.port()));
            stalled.getOutputStream().write(REQUEST.getBytes(UTF_8));
            String start = new String(stalled.getInputStream().readNBytes(15), UTF_8);
            assertThat(start).isEqualTo("HTTP/1.1 200 OK");
            String filling = "x".repeat(500);
            StringBuilder text = new StringBuilder();
            for (int i = 1; i <= MANY; i++) {
                send(producer, "{\"last\":" + i + ",\"filling\":\"" + filling + "\"}");
                // Never further ahead than a reader may be that does read.
                if (i % 1_000 == 0) {
                    producer.flush();
                    text.append(reader.until("\"last\":" + i + ","));
                }
            }

            assertThat(LAST.matcher(text).results()).hasSize(MANY);
            // It gets what was on its way, and then the end.
            assertThat(stalled.getInputStream().readAllBytes().length).isLessThan(text.length());
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> client.head("/v1/stream").status() == 200);
        }
    }

    /** A reader that is being served. */
    private RawConnection stream() throws IOException {
        RawConnection reader = new RawConnection(office.port()).send(REQUEST);
        assertThat(reader.until(":\n\n")).startsWith("HTTP/1.1 200").contains("text/event-stream");
        return reader;
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        office.servers().kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private void send(KafkaProducer<byte[], byte[]> producer, String result) {
        // One key, so one partition, so one order.
        var unused = producer.send(
                new ProducerRecord<>(office.topics().results(), "e1".getBytes(UTF_8), result.getBytes(UTF_8)));
    }
}
