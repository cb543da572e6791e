package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.embedded.EmbeddedKafka;
import booking.embedded.EmbeddedServers;
import booking.embedded.FreePorts;
import booking.embedded.KafkaOptions;
import booking.embedded.PortRequest;
import booking.embedded.TemporaryDirectory;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a gateway says and does while its broker comes, stops to answer, dies and comes back. */
class BrokerAwayIT {
    private static final String BODY = "{\"userId\":\"alice\"}";
    private static final String BOOKINGS = "/v1/events/e1/bookings";

    private final int kafkaPort = FreePorts.any();
    private int postgresPort;
    private TemporaryDirectory directory;
    private GatewayApplication gateway;
    private Client client;

    @BeforeEach
    void start() {
        directory = TemporaryDirectory.create("booking-gateway-");
        postgresPort = EmbeddedServers.shared().postgres().port();
        gateway = GatewayApplication.start(GatewaySettings.from(Map.of(
                "BOOKING_HTTP_PORT", "0",
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + kafkaPort,
                "BOOKING_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + postgresPort + "/booking")));
        client = new Client(gateway.port());
    }

    @AfterEach
    void stop() {
        gateway.close();
        directory.close();
    }

    @Test
    void itFindsKafkaLaterAndSaysWhenItDoesNotKnowWhatBecameOfACommand() {
        // Kafka comes after the gateway.
        EmbeddedKafka kafka = startKafka();
        try {
            makeTopics();
            awaitKafka("UP");
            assertThat(client.post(BOOKINGS, BODY, "Prefer", "respond-async").status())
                    .isEqualTo(202);

            // It stops to answer, and the next command is on its way for too long.
            signal("STOP", kafka);
            String key = UUID.randomUUID().toString();
            // On a busy machine it goes on for a moment: only its first thread, once it runs, has the others stop.
            Reply unknown = await().atMost(Duration.ofSeconds(60))
                    .until(
                            () -> client.post(BOOKINGS, BODY, "Idempotency-Key", key, "Prefer", "wait=1"),
                            reply -> reply.status() != 202);
            assertThat(unknown.status()).isEqualTo(503);
            assertThat(unknown.at("/reason")).isEqualTo("OUTCOME_UNKNOWN");
            assertThat(unknown.at("/detail")).contains("Idempotency-Key: " + key);
            assertThat(unknown.header("Retry-After")).isPresent();

            // From now on nothing is taken, and that is known: no command is on its way of which nobody knows.
            Reply refused = client.post(BOOKINGS, BODY);
            assertThat(refused.at("/reason")).isEqualTo("KAFKA_UNAVAILABLE");
            assertThat(client.get("/health/ready").at("/kafka")).isEqualTo("DOWN");

            // Whether something stands at a position cannot be found out, so nobody is told that it does or does not.
            for (String nowhere : List.of("0-99999999999", "99-0")) {
                Reply status = client.get("/v1/commands/" + UUID.randomUUID() + "?at=" + nowhere);
                assertThat(status.status()).as(status.text()).isEqualTo(503);
                assertThat(status.at("/reason")).isEqualTo("KAFKA_UNAVAILABLE");
                assertThat(status.header("Retry-After")).isPresent();
            }

            // Back again, the same request is taken.
            signal("CONT", kafka);
            awaitKafka("UP");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> client.post(BOOKINGS, BODY, "Idempotency-Key", key, "Prefer", "respond-async")
                                    .status()
                            == 202);
        } finally {
            kafka.close();
        }
    }

    @Test
    void itOutlivesItsBroker() {
        EmbeddedKafka kafka = startKafka();
        try {
            makeTopics();
            awaitKafka("UP");
            kafka.kill();
            Reply reply = client.post(BOOKINGS, BODY, "Prefer", "wait=1");
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.at("/reason")).isIn("KAFKA_UNAVAILABLE", "OUTCOME_UNKNOWN");
            assertThat(reply.header("Retry-After")).isPresent();

            kafka = startKafka();
            awaitKafka("UP");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> client.post(BOOKINGS, BODY, "Prefer", "respond-async")
                                    .status()
                            == 202);
        } finally {
            kafka.close();
        }
    }

    private static void signal(String name, EmbeddedKafka kafka) {
        try {
            int result = new ProcessBuilder(
                            "kill", "-" + name, Long.toString(kafka.process().pid()))
                    .start()
                    .waitFor();
            assertThat(result).isZero();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private EmbeddedKafka startKafka() {
        return EmbeddedKafka.start(
                KafkaOptions.in(directory.path().resolve("kafka")).withPort(PortRequest.exactly(kafkaPort)));
    }

    private void makeTopics() {
        Setup.run(SetupSettings.from(Map.of(
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + kafkaPort,
                "BOOKING_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + postgresPort + "/booking")));
    }

    private void awaitKafka(String state) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.get("/health/ready").at("/kafka").equals(state));
    }
}
