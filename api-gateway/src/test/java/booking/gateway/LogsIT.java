package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.EmbeddedServers;
import booking.embedded.FreePorts;
import booking.processor.ProcessorApplication;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The logs of both services, as JSON and with all that can be said, through a sale in which everything goes wrong. */
class LogsIT {
    private static final JsonMapper JSON = new JsonMapper();
    // Whoever reads a log must not learn who has booked what, nor how to get in.
    private static final String USER = "telltale-user-" + UUID.randomUUID();
    private static final String NAME = "telltale-name-" + UUID.randomUUID();
    private static final String PASSWORD = "telltale-password-" + UUID.randomUUID();
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final EmbeddedServers servers = EmbeddedServers.shared();
    private final Map<String, String> environment = new HashMap<>();
    private final String topics = "logs-" + UUID.randomUUID();
    private final String eventId = "e-" + UUID.randomUUID();
    private final int port = FreePorts.any();
    private final Client client = new Client(port);

    @Test
    void eachLineIsAnObjectThatSaysWhereAndNobodyIsNamed() throws Exception {
        environment.put("BOOKING_KAFKA_BOOTSTRAP_SERVERS", servers.kafka().bootstrapServers());
        environment.put("BOOKING_TOPICS_PREFIX", topics);
        environment.put(
                "BOOKING_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + servers.postgres().port() + "/booking");
        environment.put("BOOKING_DATABASE_PASSWORD", PASSWORD);
        environment.put("BOOKING_PROCESSOR_GROUP", topics);
        environment.put("BOOKING_PROCESSOR_HEALTH_PORT", Integer.toString(FreePorts.any()));
        // So that every batch is slow.
        environment.put("BOOKING_PROCESSOR_SLOW_BATCH", "1ms");
        environment.put("BOOKING_HTTP_PORT", Integer.toString(port));
        environment.put("BOOKING_LOG_FORMAT", "json");
        environment.put("BOOKING_LOG_LEVEL", "debug");
        // Nobody listens there, which is complained of through another way of logging.
        environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + FreePorts.any());
        environment.put("OTEL_BSP_SCHEDULE_DELAY", "50");
        Setup.run(SetupSettings.from(environment));
        try (ServiceProcess processor = new ServiceProcess(ProcessorApplication.class, environment);
                ServiceProcess gateway = new ServiceProcess(GatewayApplication.class, environment)) {
            sell();
            refuse();
            failAndGoOn(processor);
            askForWhatCannotBeRead();
            breakTheProcessor(processor);
            // The exporter tries for some seconds before it gives up and complains.
            Awaitility.await("OpenTelemetry complains")
                    .atMost(BookingOffice.PATIENCE)
                    .until(() -> objects(gateway).stream()
                            .anyMatch(line -> line.path("logger").asString().startsWith("io.opentelemetry")));
            gateway.stop();

            assertThat(objects(gateway))
                    .anyMatch(line -> line.path("message").asString().startsWith("Listening on"))
                    .as("a failure, with the trace of its request")
                    .anySatisfy(line -> {
                        assertThat(line.path("message").asString()).startsWith("Cannot answer GET");
                        assertThat(line.path("trace_id").asString()).isEqualTo(PARENT.substring(3, 35));
                        assertThat(line.path("span_id").asString()).hasSize(16);
                    });
            assertThat(objects(processor))
                    .as("a batch, and where it stands")
                    .anySatisfy(line -> {
                        assertThat(line.path("message").asString()).isEqualTo("A batch was slow");
                        assertThat(line.path("level").asString()).isEqualTo("WARN");
                        assertThat(line.path("batches").asString()).matches("\\d+:\\d+-\\d+( \\d+:\\d+-\\d+)*");
                        assertThat(line.path("commands").asInt()).isPositive();
                        assertThat(line.path("millis").asInt()).isPositive();
                        assertThat(line.path("attempts").asInt()).isEqualTo(1);
                    })
                    .as("a batch that needed more than one attempt")
                    .anySatisfy(line -> {
                        assertThat(line.path("message").asString())
                                .isEqualTo("A batch was decided after failed attempts");
                        assertThat(line.path("sqlState").asString()).isEqualTo("55P03");
                        assertThat(line.path("attempts").asInt()).isGreaterThan(1);
                    })
                    .as("a batch that failed")
                    .anySatisfy(line -> {
                        assertThat(line.path("message").asString())
                                .isEqualTo("A batch failed, and is given back undecided");
                        assertThat(line.path("sqlState").asString()).isEqualTo("P0001");
                        assertThat(line.path("kind").asString()).isEqualTo("broken");
                        assertThat(line.path("batches").asString()).isNotEmpty();
                    })
                    .as("what broke it, with the message of the server")
                    .anySatisfy(line ->
                            assertThat(line.path("stack_trace").asString()).contains("broken on purpose"));
            for (ServiceProcess service : List.of(gateway, processor)) {
                assertThat(service.log())
                        .noneMatch(line -> line.contains(USER))
                        .noneMatch(line -> line.contains(NAME))
                        .noneMatch(line -> line.contains(PASSWORD));
            }
        }
    }

    private void sell() {
        Awaitility.await("an event is made")
                .atMost(BookingOffice.PATIENCE)
                .ignoreExceptions()
                .until(() ->
                        client.post("/v1/events", """
                                {"eventId":"%s","name":"%s","date":"2027-05-01T20:00:00Z","venue":"%s","capacity":5}
                                """.formatted(eventId, NAME, eventId), "Idempotency-Key", eventId)
                                        .status()
                                == 201);
        assertThat(book().status()).isEqualTo(201);
        assertThat(client.get("/v1/users/" + USER + "/bookings").status()).isEqualTo(200);
        assertThat(client.get("/v1/events/" + eventId).status()).isEqualTo(200);
    }

    private void refuse() throws Exception {
        assertThat(client.post(bookings(), "{\"userId\":\"" + USER + "\",\"quantity\":9}")
                        .status())
                .isEqualTo(409);
        assertThat(client.post(bookings(), "{\"userId\":\"" + USER + "\"").status())
                .isEqualTo(400);
        assertThat(client.post(bookings(), "{\"userId\":\"" + USER.repeat(10) + "\"}")
                        .status())
                .isEqualTo(400);
        assertThat(client.get("/no/path/of/" + USER).status()).isEqualTo(404);
        assertThat(client.delete("/v1/events/" + eventId + "/waitlist?userId=" + USER)
                        .status())
                .isEqualTo(409);
        try (RawConnection raw = new RawConnection(port)) {
            assertThat(raw.send("NONSENSE OF " + USER + "\r\n\r\n").untilClosed())
                    .contains(" 400 ");
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (String bad : List.of(
                    "no command of " + USER,
                    "{\"type\":\"book\",\"commandId\":\"" + UUID.randomUUID() + "\",\"eventId\":\"" + eventId
                            + "\",\"userId\":[\"" + USER + "\"]}")) {
                producer.send(new ProducerRecord<>(
                                topics + "-commands",
                                eventId.getBytes(StandardCharsets.UTF_8),
                                bad.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    private void failAndGoOn(ServiceProcess processor) throws SQLException {
        try (Connection somebody = database();
                Statement statement = somebody.createStatement()) {
            // The event is locked by somebody else.
            somebody.setAutoCommit(false);
            statement.execute("SELECT FROM events WHERE id = '" + eventId + "' FOR UPDATE");
            assertThat(book().at("/reason")).isEqualTo("VERSION_CONFLICT");
            somebody.rollback();
            somebody.setAutoCommit(true);

            // The tables refuse this user, and say in detail what they refuse.
            statement.execute(
                    "ALTER TABLE bookings ADD CONSTRAINT telltale CHECK (user_id <> '" + USER + "') NOT VALID");
            try {
                assertThat(book().at("/reason")).isEqualTo("VERSION_CONFLICT");
            } finally {
                statement.execute("ALTER TABLE bookings DROP CONSTRAINT telltale");
            }

            // All sessions of both services end, also those at work.
            CompletableFuture<Reply> during = client.postAsync(bookings(), "{\"userId\":\"" + USER + "\"}");
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE usename IN ('booking_app', 'booking_read')");
            assertThat(during.join().status()).isIn(201, 202);
            Reply read = client.get("/v1/users/" + USER + "/bookings");
            assertThat(read.status()).isIn(200, 503);
        }
        assertThat(processor.isRunning()).isTrue();
    }

    /** A result that is none, as after a repair by hand. */
    private void askForWhatCannotBeRead() throws SQLException {
        String command = book().at("/commandId");
        try (Connection somebody = database();
                Statement statement = somebody.createStatement()) {
            statement.execute("UPDATE outcomes SET result = 'none' WHERE command_id = '" + command + "'");
        }
        Reply reply = client.get("/v1/commands/" + command, "traceparent", PARENT);
        assertThat(reply.at("/reason")).as(reply.text()).isEqualTo("INTERNAL_ERROR");
    }

    private void breakTheProcessor(ServiceProcess processor) throws SQLException {
        try (Connection somebody = database();
                Statement statement = somebody.createStatement()) {
            statement.execute("""
                    CREATE FUNCTION telltale() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        RAISE EXCEPTION 'broken on purpose' USING DETAIL = 'the row of ' || NEW.user_id;
                    END $$""");
            try {
                statement.execute("CREATE TRIGGER telltale BEFORE INSERT ON bookings FOR EACH ROW WHEN (NEW.user_id = '"
                        + USER + "') EXECUTE FUNCTION telltale()");
                assertThat(client.post(bookings(), "{\"userId\":\"" + USER + "\"}", "Prefer", "respond-async")
                                .status())
                        .isEqualTo(202);
                Awaitility.await("the processor stops")
                        .atMost(BookingOffice.PATIENCE)
                        .until(() -> !processor.isRunning());
            } finally {
                statement.execute("DROP FUNCTION telltale CASCADE");
            }
        }
    }

    private Reply book() {
        return client.post(bookings(), "{\"userId\":\"" + USER + "\"}", "traceparent", PARENT);
    }

    private String bookings() {
        return "/v1/events/" + eventId + "/bookings";
    }

    private Connection database() throws SQLException {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(servers.postgres().jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.SUPERUSER));
        return dataSource.getConnection();
    }

    /** The lines of a log, each of which must be an object. */
    private static List<JsonNode> objects(ServiceProcess service) {
        List<JsonNode> objects = new ArrayList<>();
        Predicate<JsonNode> complete = line -> line.path("@timestamp").isString()
                && line.path("level").isString()
                && line.path("logger").isString()
                && line.path("thread").isString()
                && line.path("message").isString();
        for (String line : service.log()) {
            JsonNode object = JSON.readTree(line);
            assertThat(object.isObject() && complete.test(object)).as(line).isTrue();
            objects.add(object);
        }
        return objects;
    }
}
