package booking.gateway;

import booking.embedded.EmbeddedPostgres;
import booking.embedded.SharedServers;
import booking.processor.ProcessorApplication;
import booking.processor.ProcessorSettings;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import booking.schemas.topic.TopicNames;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A gateway on topics of its own, with or without a processor behind it. The database is shared by all tests, so each
 * makes up its own event and command ids.
 */
final class BookingOffice implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SharedServers servers = SharedServers.get();
    private final Map<String, String> environment = new HashMap<>();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final TopicNames topics;
    private final GatewayApplication gateway;

    private BookingOffice(Map<String, String> settings) {
        String prefix = "gateway-" + UUID.randomUUID();
        topics = TopicNames.withPrefix(prefix);
        environment.put("BOOKING_KAFKA_BOOTSTRAP_SERVERS", servers.bootstrapServers());
        environment.put("BOOKING_TOPICS_PREFIX", prefix);
        environment.put("BOOKING_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + servers.postgresPort() + "/booking");
        environment.put("BOOKING_PROCESSOR_GROUP", prefix);
        environment.put("BOOKING_PROCESSOR_HEALTH_PORT", "0");
        environment.put("BOOKING_HTTP_PORT", "0");
        environment.putAll(settings);
        Setup.run(SetupSettings.from(environment));
        gateway = GatewayApplication.start(GatewaySettings.from(environment));
        parts.push(gateway);
    }

    /** With nobody who decides. */
    static BookingOffice unmanned(Map<String, String> settings) {
        BookingOffice office = new BookingOffice(settings);
        office.awaitReady();
        return office;
    }

    /** With a processor. */
    static BookingOffice open() {
        BookingOffice office = new BookingOffice(Map.of());
        try {
            var unused = office.startProcessor();
            office.awaitReady();
            return office;
        } catch (RuntimeException | Error e) {
            office.close();
            throw e;
        }
    }

    ProcessorApplication startProcessor() {
        ProcessorApplication processor = ProcessorApplication.start(ProcessorSettings.from(environment));
        parts.push(processor);
        Awaitility.await("processor ready").atMost(PATIENCE).until(processor::isReady);
        return processor;
    }

    /** Starts another gateway on the same topics, and gives its port. */
    int startAnotherGateway() {
        GatewayApplication another = GatewayApplication.start(GatewaySettings.from(environment));
        parts.push(another);
        awaitReady(another.port());
        return another.port();
    }

    /** Starts another gateway on the same topics, in a process of its own, with these variables beside the others. */
    GatewayProcess startGatewayProcess(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(settings);
        GatewayProcess another = new GatewayProcess(all);
        parts.push(another);
        Awaitility.await("gateway process ready").atMost(PATIENCE).until(() -> isReady(another));
        return another;
    }

    private static boolean isReady(GatewayProcess gateway) {
        if (!gateway.isAlive()) {
            throw new IllegalStateException("the gateway has ended");
        }
        try {
            return gateway.client().get("/health/ready").status() == 200;
        } catch (UncheckedIOException notListening) {
            return false;
        }
    }

    private void awaitReady() {
        awaitReady(gateway.port());
    }

    private static void awaitReady(int port) {
        Awaitility.await("gateway ready")
                .atMost(PATIENCE)
                .until(() -> new Client(port).get("/health/ready").status() == 200);
    }

    Client client() {
        return new Client(gateway.port());
    }

    /** Every call that the gateway answers. */
    List<String> calls() {
        return gateway.calls();
    }

    int port() {
        return gateway.port();
    }

    TopicNames topics() {
        return topics;
    }

    SharedServers servers() {
        return servers;
    }

    /** Makes an event with so many places, and gives its id. */
    String event(int capacity) {
        String eventId = "e-" + UUID.randomUUID();
        Reply reply = client().post("/v1/events", """
                        {"eventId":"%s","name":"A concert","date":"2027-05-01T20:00:00Z","venue":"%s","capacity":%d}
                        """.formatted(eventId, eventId, capacity));
        if (reply.status() != 201) {
            throw new AssertionError("no event: " + reply.status() + " " + reply.text());
        }
        return eventId;
    }

    /** Statements as the superuser. */
    JdbcClient sql() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(servers.jdbcUrl(EmbeddedPostgres.DATABASE, EmbeddedPostgres.SUPERUSER));
        return JdbcClient.create(dataSource);
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
