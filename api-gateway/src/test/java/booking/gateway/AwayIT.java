package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.embedded.FreePorts;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a gateway says that has neither Kafka nor PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AwayIT {
    private static final String BODY = "{\"userId\":\"alice\"}";
    private static final String BOOKINGS = "/v1/events/e1/bookings";

    private final int kafkaPort = FreePorts.any();
    private GatewayApplication gateway;
    private Client client;

    @BeforeAll
    void start() {
        gateway = GatewayApplication.start(GatewaySettings.from(Map.of(
                "BOOKING_HTTP_PORT", "0",
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + kafkaPort,
                "BOOKING_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + FreePorts.any() + "/booking")));
        client = new Client(gateway.port());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @Test
    void writesAre503WithoutKafka() {
        Reply reply = client.post(BOOKINGS, BODY);

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.at("/reason")).isEqualTo("KAFKA_UNAVAILABLE");
        assertThat(reply.header("Retry-After")).isPresent();
        assertThat(reply.header("Command-Id")).contains(reply.at("/commandId"));
    }

    @Test
    void readsAre503WithoutTheDatabase() {
        for (String path : new String[] {
            "/v1/events", "/v1/events/e1/bookings/" + UUID.randomUUID(), "/v1/commands/" + UUID.randomUUID() + "?at=0-0"
        }) {
            Reply reply = client.get(path);

            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.at("/reason")).isEqualTo("DATABASE_UNAVAILABLE");
            assertThat(reply.header("Retry-After")).isPresent();
        }
    }

    @Test
    void aTakenPortIsOneClearError() {
        GatewaySettings settings = GatewaySettings.from(Map.of(
                "BOOKING_HTTP_PORT",
                Integer.toString(gateway.port()),
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + kafkaPort));

        assertThatThrownBy(() -> GatewayApplication.start(settings))
                .hasMessageContaining("cannot listen on 127.0.0.1:" + gateway.port());
    }

    @Test
    void itIsAliveButNotReady() {
        assertThat(client.get("/health/live").status()).isEqualTo(200);
        Reply ready = client.get("/health/ready");
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.at("/kafka")).isEqualTo("DOWN");
        assertThat(ready.at("/database")).isEqualTo("DOWN");
    }
}
