package booking.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Results as server-sent events. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveStreamIT {
    private static final String REQUEST = "GET /v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final int STREAMS = 4;
    private static final int MANY = 60_000;
    // The chunks of the answer's body begin with their lengths.
    private static final Pattern EVENT = Pattern.compile("(?:id: (\\S+)\n)?event: (\\S+)\n(?:data: )(.*)\n\n$");
    private static final Pattern REACHED = Pattern.compile("id: (\\S+)\n\n$");
    private static final Pattern NUMBER = Pattern.compile("\\{\"number\":(\\d+),\"filling\":\"x+\"}");
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
    void everyResultAndEveryNewStateIsSentAsItIsPublished() throws IOException {
        String eventId = office.event(1);
        try (RawConnection reader = stream("/v1/events/" + eventId + "/stream")) {
            Reply taken = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}");
            Reply refused = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"bob\"}");

            List<StreamEvent> events = until(reader, taken);
            assertThat(states(events)).last().asString().contains("\"isBooked\":true");
            assertThat(results(read(reader, 1)))
                    .containsExactly(refused.json().get("result").toString());
        }
    }

    @Test
    void theStreamOfAnEventHasNothingOfOthers() throws IOException {
        String eventId = office.event(10);
        String other = office.event(10);
        try (RawConnection all = stream("/v1/stream");
                RawConnection one = stream("/v1/events/" + eventId + "/stream")) {
            Reply ofOther = client.post("/v1/events/" + other + "/bookings", "{\"userId\":\"alice\"}");
            Reply first = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}");
            client.post("/v1/events/" + other + "/bookings", "{\"userId\":\"bob\"}");
            Reply last = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"carol\"}");

            List<StreamEvent> events = until(one, last);
            assertThat(events).allSatisfy(event -> assertThat(event.data()).contains(eventId));
            assertThat(results(events)).contains(first.text(), last.text());
            assertThat(results(until(all, ofOther))).contains(ofOther.text());
        }
    }

    private String lastIdOfWhoLeavesAfterABooking(String path, String eventId) throws IOException {
        try (RawConnection reader = stream(path)) {
            Reply booked = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}");
            List<StreamEvent> seen = until(reader, booked);
            return seen.get(seen.size() - 1).id();
        }
    }

    @Test
    void whoComesBackToAnotherGatewayIsGivenWhatWasMissedOnce() throws IOException {
        String eventId = office.event(10);
        int another = office.startAnotherGateway();
        for (String path : List.of("/v1/stream", "/v1/events/" + eventId + "/stream")) {
            String lastId = lastIdOfWhoLeavesAfterABooking(path, eventId);
            Reply second = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"bob\"}");
            Reply third = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"carol\"}");

            Reply fourth;
            try (RawConnection reader = new RawConnection(another)
                    .send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: " + lastId + "\r\n\r\n")) {
                assertThat(results(until(reader, third))).containsExactly(second.text(), third.text());
                fourth = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"dave\"}");
                assertThat(results(until(reader, fourth))).containsExactly(fourth.text());
            }
            // The same by the query, for clients that cannot choose headers.
            try (RawConnection reader = new RawConnection(another)
                    .send("GET " + path + "?lastEventId=" + lastId + " HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
                assertThat(results(until(reader, fourth))).containsExactly(second.text(), third.text(), fourth.text());
            }
        }
    }

    @Test
    void whoComesBackIsToldWhenItHasBeenGivenWhatItMissed() throws Exception {
        String eventId = office.event(10);
        String path = "/v1/events/" + eventId + "/stream";
        String lastId = lastIdOfWhoLeavesAfterABooking(path, eventId);
        Reply missed = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"bob\"}");
        try (RawConnection reader = stream(path + "?lastEventId=" + lastId)) {
            StringBuilder given = new StringBuilder();
            String block;
            do {
                block = reader.until("\n\n");
                // Its heartbeats would go on for ever.
                assertThat(block).as("after %s", given).doesNotEndWith("\n:\n\n");
                given.append(block);
            } while (!REACHED.matcher(block).find());

            assertThat(given).contains(missed.text());
        }
    }

    @Test
    void whoHasSeenNothingYetCanComeBackToo() throws IOException {
        String eventId = office.event(10);
        String begin;
        try (RawConnection reader = new RawConnection(office.port()).send(REQUEST)) {
            Matcher id = REACHED.matcher(reader.until("\nid: ") + reader.until("\n\n"));
            assertThat(id.find()).isTrue();
            begin = id.group(1);
        }
        Reply missed = client.post("/v1/events/" + eventId + "/bookings", "{\"userId\":\"alice\"}");

        try (RawConnection reader = stream("/v1/stream?lastEventId=" + begin)) {
            assertThat(results(until(reader, missed))).contains(missed.text());
        }
    }

    @Test
    void readersWhoComeAndGoMissNothingAndSeeNothingTwice() throws Exception {
        int records = 20_000;
        // So that what is published while a reader catches up is more than it may be behind with.
        String filling = "x".repeat(600);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            String begin;
            try (RawConnection reader = stream("/v1/stream")) {
                begin = firstId(producer, reader);
            }
            Future<?> publishing = threads.submit(() -> {
                for (int i = 1; i <= records; i++) {
                    send(producer, "key-" + i % 7, "{\"number\":" + i + ",\"filling\":\"" + filling + "\"}");
                    if (i % 500 == 0) {
                        producer.flush();
                    }
                }
                producer.flush();
            });
            List<Future<List<Integer>>> readers = List.of(
                    threads.submit(() -> comeAndGo(begin, records, 11)),
                    threads.submit(() -> comeAndGo(begin, records, 97)));
            publishing.get(2, TimeUnit.MINUTES);
            for (Future<List<Integer>> reader : readers) {
                List<Integer> seen = reader.get(2, TimeUnit.MINUTES);
                assertThat(seen).hasSize(records).doesNotHaveDuplicates();
                // Each key's records in their order.
                for (int key = 0; key < 7; key++) {
                    int mine = key;
                    assertThat(seen.stream().filter(number -> number % 7 == mine))
                            .isSorted();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Reads all numbers, leaving after a few hundred events each time, in the middle of whatever is on its way. */
    private List<Integer> comeAndGo(String begin, int records, int seed) throws IOException {
        Random random = new Random(seed);
        List<Integer> seen = new ArrayList<>();
        String lastId = begin;
        while (seen.size() < records) {
            try (RawConnection reader = stream("/v1/stream?lastEventId=" + lastId)) {
                int stay = Math.min(records - seen.size(), 200 + random.nextInt(2_000));
                for (StreamEvent event : read(reader, stay)) {
                    lastId = event.id();
                    Matcher number = NUMBER.matcher(event.data());
                    assertThat(number.matches()).as(event.toString()).isTrue();
                    seen.add(Integer.parseInt(number.group(1)));
                }
            }
            awaitRoom();
        }
        return seen;
    }

    private String firstId(KafkaProducer<byte[], byte[]> producer, RawConnection reader) throws IOException {
        send(producer, "key-0", "{\"first\":true}");
        return read(reader, 1).get(0).id();
    }

    @Test
    void whatIsNoLongerKeptIsAGapThatIsTold() throws Exception {
        try (RawConnection reader = stream("/v1/stream");
                KafkaProducer<byte[], byte[]> producer = producer();
                Admin admin = Admin.create(Map.<String, Object>of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                        office.servers().bootstrapServers()))) {
            String begin = firstId(producer, reader);
            send(producer, "key-0", "{\"lost\":1}");
            RecordMetadata lost = producer.send(record("key-0", "{\"lost\":2}")).get();
            send(producer, "key-0", "{\"kept\":3}");
            producer.flush();
            admin.deleteRecords(Map.of(
                            new TopicPartition(lost.topic(), lost.partition()),
                            RecordsToDelete.beforeOffset(lost.offset() + 1)))
                    .all()
                    .get();

            try (RawConnection again = stream("/v1/stream?lastEventId=" + begin)) {
                List<StreamEvent> events = read(again, 2);
                assertThat(events.get(0).name()).isEqualTo("gap");
                assertThat(events.get(0).data())
                        .contains("\"topic\":\"" + lost.topic() + "\",\"partition\":" + lost.partition())
                        .contains("\"to\":" + (lost.offset() + 1));
                assertThat(events.get(1).data()).isEqualTo("{\"kept\":3}");
            }
        }
    }

    @Test
    void anIdOfOtherTopicsIsAGapAndTheStreamBeginsNow() throws Exception {
        try (RawConnection reader = stream("/v1/stream?lastEventId=0123456~5.5~5.5");
                KafkaProducer<byte[], byte[]> producer = producer()) {
            assertThat(read(reader, 1).get(0).name()).isEqualTo("gap");
            send(producer, "key-0", "{\"now\":true}");
            assertThat(read(reader, 1).get(0).data()).isEqualTo("{\"now\":true}");
        }
    }

    @Test
    void whoSpeaksHttp10GetsTheStreamWithoutChunks() throws Exception {
        try (RawConnection reader = new RawConnection(office.port())
                        .send("GET /v1/stream HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
                KafkaProducer<byte[], byte[]> producer = producer()) {
            assertThat(reader.until("\r\n\r\n"))
                    .startsWith("HTTP/1.0 200")
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .doesNotContainIgnoringCase("keep-alive");
            assertThat(reader.until("\nid: ")).startsWith("retry: ").doesNotContain("\r\n");
            send(producer, "key-0", "{\"old\":10}");
            assertThat(reader.until("{\"old\":10}\n\n"))
                    .contains("event: result\n")
                    .doesNotContain("\r\n");
        }
    }

    @Test
    void headTellsOfAStreamAndTakesNoPlace() {
        awaitRoom();
        for (int i = 0; i <= STREAMS; i++) {
            Reply reply = client.send("HEAD", "/v1/stream", null);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Content-Type")).contains("text/event-stream");
            assertThat(reply.text()).isEmpty();
        }
    }

    @Test
    void whatIsNoIdOfTheStreamIsRefused() throws IOException {
        String eventId = office.event(1);
        String ofEvent;
        try (RawConnection reader = new RawConnection(office.port())
                .send("GET /v1/events/" + eventId + "/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            Matcher id = REACHED.matcher(reader.until("\nid: ") + reader.until("\n\n"));
            assertThat(id.find()).isTrue();
            ofEvent = id.group(1);
        }
        for (String id : List.of(
                "1", "3-5120", "x~1~", "a~1~2~3", "a~-~-", "a~1-~1", "A~1~1", "a~999999999999z~1", "%00", ofEvent)) {
            Reply refused = client.get("/v1/stream?lastEventId=" + id);
            assertThat(refused.status()).as(id).isEqualTo(400);
            assertThat(refused.at("/reason")).isEqualTo("MALFORMED_REQUEST");
            assertThat(refused.at("/detail")).contains("Last-Event-ID");
        }
        assertThat(client.get("/v1/events/no-such-event/stream").at("/reason")).isEqualTo("EVENT_NOT_FOUND");
    }

    @Test
    void aResultOfSeveralLinesIsOneEvent() throws IOException {
        try (RawConnection reader = stream("/v1/stream");
                KafkaProducer<byte[], byte[]> producer = producer()) {
            send(producer, "e1", "{\n\"a\":1,\r\nevent: forged\n\n}");

            assertThat(read(reader, 1).get(0).data()).isEqualTo("{ \"a\":1, event: forged }");
        }
    }

    @Test
    void thereAreSoManyStreamsAndNoMore() throws IOException {
        List<RawConnection> readers = new ArrayList<>();
        try {
            for (int i = 0; i < STREAMS; i++) {
                readers.add(stream("/v1/stream"));
            }
            // One that is let in would never end, so its head first.
            assertThat(client.head("/v1/stream").status()).isEqualTo(503);
            assertThat(client.send("HEAD", "/v1/stream", null).status()).isEqualTo(503);
            Reply refused = client.get("/v1/stream");
            assertThat(refused.at("/reason")).isEqualTo("TOO_MANY_STREAMS");
            assertThat(refused.header("Retry-After")).isPresent();
        } finally {
            for (RawConnection reader : readers) {
                reader.close();
            }
        }
        awaitRoom();
    }

    @Test
    void whoDoesNotReadIsDroppedAndOthersGetEverything() throws Exception {
        try (Socket stalled = new Socket();
                RawConnection reader = stream("/v1/stream");
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
                send(producer, "e1", "{\"last\":" + i + ",\"filling\":\"" + filling + "\"}");
                // Never further ahead than a reader may be that does read.
                if (i % 1_000 == 0) {
                    producer.flush();
                    text.append(reader.until("\"last\":" + i + ","));
                }
            }

            assertThat(LAST.matcher(text).results()).hasSize(MANY);
            await().atMost(BookingOffice.PATIENCE)
                    .until(() -> client.get("/metrics").text().contains("\nbooking_streams_dropped_total 1.0\n"));
            // Its place is free although it takes nothing. What it sends now and then would keep the connection from
            // being idle.
            await().atMost(BookingOffice.PATIENCE)
                    .pollInterval(Duration.ofSeconds(10))
                    .pollDelay(Duration.ofSeconds(1))
                    .until(() -> {
                        sendUnlessCut(stalled, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
                        return client.get("/metrics").text().contains("\nbooking_streams_open 1.0\n");
                    });
            // It can have what was on its way, and then comes the end.
            assertThat(bytesUntilCut(stalled)).isLessThan(text.length());
        }
    }

    private static void sendUnlessCut(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(UTF_8));
        } catch (IOException cut) {
            // Which is what is waited for.
        }
    }

    private static int bytesUntilCut(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        int count = 0;
        try {
            while (in.read() >= 0) {
                count++;
            }
        } catch (SocketException cut) {
            return count;
        }
        return count;
    }

    private void awaitRoom() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.head("/v1/stream").status() == 200);
    }

    /** A reader that is being served. */
    private RawConnection stream(String path) throws IOException {
        RawConnection reader =
                new RawConnection(office.port()).send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(reader.until(":\n\n")).startsWith("HTTP/1.1 200").contains("text/event-stream");
        return reader;
    }

    /** The next so many events, without the beginning, which is none. */
    private static List<StreamEvent> read(RawConnection reader, int count) throws IOException {
        List<StreamEvent> events = new ArrayList<>();
        long lastNanos = System.nanoTime();
        while (events.size() < count) {
            String text = reader.until("\n\n");
            Matcher event = EVENT.matcher(text);
            if (event.find()) {
                events.add(new StreamEvent(event.group(1), event.group(2), event.group(3)));
                lastNanos = System.nanoTime();
            } else if (text.isEmpty()) {
                throw new AssertionError("the stream ended after " + events.size() + " events");
            } else if (System.nanoTime() - lastNanos > BookingOffice.PATIENCE.toNanos()) {
                // Heartbeats go on for ever.
                throw new AssertionError("only " + events.size() + " events came, and last " + text);
            }
        }
        return events;
    }

    /** All events until this accepted result and the state that it led to have both come. */
    private static List<StreamEvent> until(RawConnection reader, Reply accepted) throws IOException {
        String state = accepted.json().get("event").toString();
        List<StreamEvent> events = new ArrayList<>();
        while (!results(events).contains(accepted.text())
                || states(events).stream().noneMatch(data -> data.contains(state))) {
            events.addAll(read(reader, 1));
        }
        return events;
    }

    private static List<String> states(List<StreamEvent> events) {
        return events.stream()
                .filter(event -> event.name().equals("availability"))
                .map(StreamEvent::data)
                .toList();
    }

    private static List<String> results(List<StreamEvent> events) {
        return events.stream()
                .filter(event -> event.name().equals("result"))
                .map(StreamEvent::data)
                .toList();
    }

    private record StreamEvent(String id, String name, String data) {}

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, office.servers().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private void send(KafkaProducer<byte[], byte[]> producer, String key, String result) {
        var unused = producer.send(record(key, result));
    }

    private ProducerRecord<byte[], byte[]> record(String key, String result) {
        return new ProducerRecord<>(office.topics().results(), key.getBytes(UTF_8), result.getBytes(UTF_8));
    }
}
