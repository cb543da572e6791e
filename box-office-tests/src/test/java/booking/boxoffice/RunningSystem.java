package booking.boxoffice;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.EmbeddedServers;
import booking.embedded.FreePorts;
import booking.gateway.GatewayApplication;
import booking.gateway.GatewaySettings;
import booking.processor.ProcessorApplication;
import booking.processor.ProcessorSettings;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Broker, database, processor and a gateway that can be stopped and started again at the same address. */
final class RunningSystem implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    static final double PATIENCE_MILLIS = Duration.ofMinutes(1).toMillis();

    private static final String DATE = "2027-05-01T19:30:00Z";
    private static final JsonMapper JSON = new JsonMapper();

    private final EmbeddedServers servers = EmbeddedServers.startTemporary();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, String> environment = new HashMap<>();
    private final ProcessorApplication processor;
    private final int port;
    private @Nullable GatewayApplication gateway;

    RunningSystem() {
        this(FreePorts.any());
        try {
            startGateway();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** One whose gateway is not started yet, and will be at this port. */
    RunningSystem(int port) {
        this.port = port;
        environment.put("BOOKING_KAFKA_BOOTSTRAP_SERVERS", servers.kafka().bootstrapServers());
        environment.put(
                "BOOKING_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + servers.postgres().port() + "/booking");
        environment.put("BOOKING_PROCESSOR_HEALTH_PORT", "0");
        environment.put("BOOKING_HTTP_PORT", Integer.toString(port));
        try {
            Setup.run(SetupSettings.from(environment));
            processor = ProcessorApplication.start(ProcessorSettings.from(environment));
            Awaitility.await("processor ready").atMost(PATIENCE).until(processor::isReady);
        } catch (RuntimeException | Error e) {
            servers.close();
            throw e;
        }
    }

    void startGateway() {
        gateway = GatewayApplication.start(GatewaySettings.from(environment));
        Awaitility.await("gateway ready")
                .atMost(PATIENCE)
                .until(() -> send("GET", "/health/ready", null).statusCode() == 200);
    }

    /** One more, told more; to be closed by whoever asks. */
    GatewayApplication anotherGateway(Map<String, String> settings) {
        Map<String, String> told = new HashMap<>(environment);
        told.put("BOOKING_HTTP_PORT", "0");
        told.putAll(settings);
        return GatewayApplication.start(GatewaySettings.from(told));
    }

    /** One for a new set of topics, which nobody decides yet; to be closed by whoever asks. */
    GatewayApplication gatewayOfOtherTopics(int atPort) {
        Map<String, String> told = new HashMap<>(environment);
        told.put("BOOKING_TOPICS_PREFIX", "moved");
        Setup.run(SetupSettings.from(told));
        told.put("BOOKING_HTTP_PORT", Integer.toString(atPort));
        return GatewayApplication.start(GatewaySettings.from(told));
    }

    void stopGateway() {
        GatewayApplication running = gateway;
        if (running != null) {
            running.close();
            gateway = null;
        }
    }

    String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    int port() {
        return port;
    }

    /** Makes an event with so many places, and gives its id. */
    String event(String name, int capacity) {
        String eventId = name.replaceAll("[^A-Za-z0-9]+", "-") + "-"
                + UUID.randomUUID().toString().substring(0, 8);
        event(eventId, name, capacity);
        return eventId;
    }

    void event(String eventId, String name, int capacity) {
        event(eventId, name, eventId, DATE, capacity);
    }

    void event(String eventId, String name, String venue, String date, int capacity) {
        requireDone(send("POST", "/v1/events", newEvent(eventId, name, venue, date, capacity)));
    }

    CompletableFuture<Boolean> eventLater(String eventId, String name, int capacity) {
        HttpRequest request = request("POST", "/v1/events", newEvent(eventId, name, eventId, DATE, capacity))
                .header("Prefer", "respond-async")
                .build();
        return http.sendAsync(request, BodyHandlers.ofString()).thenApply(reply -> reply.statusCode() == 202);
    }

    private static String newEvent(String eventId, String name, String venue, String date, int capacity) {
        return JSON.createObjectNode()
                .put("eventId", eventId)
                .put("name", name)
                .put("date", date)
                .put("venue", venue)
                .put("capacity", capacity)
                .toString();
    }

    /** Books over HTTP, and gives the booking's id. */
    String book(String eventId, String userId, int quantity) {
        HttpResponse<String> reply = requireDone(send(
                "POST",
                "/v1/events/" + eventId + "/bookings",
                JSON.createObjectNode()
                        .put("userId", userId)
                        .put("quantity", quantity)
                        .toString()));
        return JSON.readTree(reply.body()).get("bookingId").asString();
    }

    /** Holds over HTTP, for an hour, and gives the booking's id. */
    String hold(String eventId, String userId, int quantity) {
        HttpResponse<String> reply = requireDone(send(
                "POST",
                "/v1/events/" + eventId + "/bookings",
                JSON.createObjectNode()
                        .put("userId", userId)
                        .put("quantity", quantity)
                        .put("holdSeconds", 3600)
                        .toString()));
        return JSON.readTree(reply.body()).get("bookingId").asString();
    }

    /** Stands in line for one place. */
    void join(String eventId, String userId) {
        requireDone(send(
                "POST",
                "/v1/events/" + eventId + "/waitlist",
                JSON.createObjectNode().put("userId", userId).toString()));
    }

    /** Leaves the line. */
    void leave(String eventId, String userId) {
        requireDone(send("DELETE", "/v1/events/" + eventId + "/waitlist?userId=" + userId, null));
    }

    /** Changes the name and the number of places over HTTP. */
    void changeEvent(String eventId, String name, int capacity) {
        String changes = JSON.createObjectNode()
                .put("name", name)
                .put("capacity", capacity)
                .toString();
        requireDone(send("PATCH", "/v1/events/" + eventId, changes));
    }

    /** Limits over HTTP how many places one person may have. */
    void limitEachPerson(String eventId, int perUserLimit) {
        String changes =
                JSON.createObjectNode().put("perUserLimit", perUserLimit).toString();
        requireDone(send("PATCH", "/v1/events/" + eventId, changes));
    }

    void closeEvent(String eventId) {
        requireDone(send("POST", "/v1/events/" + eventId + "/closure", null));
    }

    /** Books past the gateway, through Kafka. */
    void bookThroughKafka(String eventId, String userId) {
        bookThroughKafka(eventId, List.of(new Wish(UUID.randomUUID(), userId)));
    }

    /** What somebody wants to book, with the id of the command. */
    record Wish(UUID commandId, String userId) {}

    /** Books all of these past the gateway, through Kafka, in this order. */
    void bookThroughKafka(String eventId, List<Wish> wishes) {
        try (KafkaProducer<String, String> producer = producer(0)) {
            wishes.forEach(wish -> {
                var unused = producer.send(booking(eventId, wish));
            });
            producer.flush();
        }
    }

    /** Goes on booking past the gateway, one after the other, until it is closed. */
    Bustle bustle(String eventId) {
        return new Bustle(eventId);
    }

    /** Somebody who books and books, so that an event changes all the time. */
    final class Bustle implements AutoCloseable {
        private static final int MOST = 20_000;
        private static final int LINGER_MILLIS = 20;

        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread thread;

        private Bustle(String eventId) {
            thread = new Thread(() -> book(eventId), "bustle");
            thread.start();
        }

        private void book(String eventId) {
            // It is this that keeps it from booking as fast as it can.
            try (KafkaProducer<String, String> producer = producer(LINGER_MILLIS)) {
                for (int i = 0; i < MOST && !over.get(); i++) {
                    producer.send(booking(eventId, new Wish(UUID.randomUUID(), "bustle")))
                            .get();
                }
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Fails when it has come to its end by itself. */
        void assertStillGoingOn() {
            assertThat(thread.isAlive()).isTrue();
        }

        @Override
        public void close() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private KafkaProducer<String, String> producer(int lingerMillis) {
        Map<String, Object> properties =
                Map.of("bootstrap.servers", servers.kafka().bootstrapServers(), "linger.ms", lingerMillis);
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    /** Makes an event past the gateway, through Kafka. */
    void eventThroughKafka(String eventId, String name, int capacity) {
        String command = JSON.createObjectNode()
                .put("type", "createEvent")
                .put("commandId", UUID.randomUUID().toString())
                .put("eventId", eventId)
                .put("name", name)
                .put("date", DATE)
                .put("venue", eventId)
                .put("capacity", capacity)
                .toString();
        try (KafkaProducer<String, String> producer = producer(0)) {
            var unused = producer.send(new ProducerRecord<>("booking-commands", eventId, command));
            producer.flush();
        }
    }

    private static ProducerRecord<String, String> booking(String eventId, Wish wish) {
        String command = JSON.createObjectNode()
                .put("type", "book")
                .put("commandId", wish.commandId().toString())
                .put("eventId", eventId)
                .put("userId", wish.userId())
                .toString();
        return new ProducerRecord<>("booking-commands", eventId, command);
    }

    JsonNode get(String path) {
        return JSON.readTree(requireDone(send("GET", path, null)).body());
    }

    private static HttpResponse<String> requireDone(HttpResponse<String> reply) {
        if (reply.statusCode() >= 300) {
            throw new AssertionError(reply.request().uri() + " answers " + reply.statusCode() + " " + reply.body());
        }
        return reply;
    }

    private HttpResponse<String> send(String method, String path, @Nullable String json) {
        try {
            return http.send(request(method, path, json).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder request(String method, String path, @Nullable String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(PATIENCE)
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        return json == null ? request : request.header("Content-Type", "application/json");
    }

    /** A number that the tables have. */
    long count(String sql, String parameter) {
        try (Connection connection = DriverManager.getConnection(
                        servers.postgres().jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.SUPERUSER));
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            stopGateway();
            processor.close();
        } finally {
            servers.close();
        }
    }
}
