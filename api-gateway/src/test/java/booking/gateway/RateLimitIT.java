package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import booking.embedded.FreePorts;
import booking.gateway.access.ApiKey;
import booking.gateway.access.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway behind a proxy, where each caller may make five calls in an hour. The test is the proxy. */
class RateLimitIT {
    private static final int CALLS = 5;

    private static final String SHOP = ApiKey.newText();
    private static final String OTHER = ApiKey.newText();

    @TempDir
    private static Path directory;

    private static BookingOffice office;
    private static Client client;
    private static GatewayApplication guarded;
    private static Client guardedClient;

    @BeforeAll
    static void open() throws IOException {
        office = BookingOffice.unmanned(Map.of(
                "BOOKING_HTTP_RATE_LIMIT", Integer.toString(CALLS),
                "BOOKING_HTTP_RATE_LIMIT_WINDOW", "1h",
                "BOOKING_HTTP_TRUSTED_PROXIES", "127.0.0.0/8"));
        client = office.client();
        // This one asks who calls. It has no database, so who comes through gets 503.
        Path keys = Files.write(directory.resolve("keys"), List.of(line("shop", SHOP), line("other", OTHER)));
        guarded = GatewayApplication.start(GatewaySettings.from(Map.of(
                "BOOKING_HTTP_PORT",
                "0",
                "BOOKING_HTTP_RATE_LIMIT",
                Integer.toString(CALLS),
                "BOOKING_HTTP_RATE_LIMIT_WINDOW",
                "1h",
                "BOOKING_HTTP_TRUSTED_PROXIES",
                "127.0.0.0/8",
                "BOOKING_AUTH_API_KEYS_FILE",
                keys.toString(),
                "BOOKING_KAFKA_BOOTSTRAP_SERVERS",
                "127.0.0.1:" + FreePorts.any(),
                "BOOKING_DATABASE_URL",
                "jdbc:postgresql://127.0.0.1:" + FreePorts.any() + "/booking")));
        guardedClient = new Client(guarded.port());
    }

    @AfterAll
    static void close() {
        guarded.close();
        office.close();
    }

    @Test
    void whoCallsTooOftenIsToldHowOftenAndWhenToComeBack() {
        for (int left = CALLS - 1; left >= 0; left--) {
            Reply reply = listEvents("192.0.2.1");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("RateLimit-Policy")).contains("\"default\";q=5;w=3600");
            assertThat(reply.header("RateLimit").orElseThrow()).startsWith("\"default\";r=" + left + ";t=");
        }

        Reply refused = listEvents("192.0.2.1");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.at("/reason")).isEqualTo("RATE_LIMITED");
        assertThat(refused.header("Content-Type")).contains("application/problem+json");
        assertThat(refused.header("RateLimit").orElseThrow()).startsWith("\"default\";r=0;t=3");
        assertThat(Integer.parseInt(refused.header("Retry-After").orElseThrow()))
                .isBetween(1, 3600 / CALLS);
        assertThat(listEvents("192.0.2.2").status()).isEqualTo(200);
    }

    @Test
    void aWriteTooManyIsNotSent() {
        spend("192.0.2.10");
        double taken = value("booking_commands_acknowledgement_seconds_count");
        double refused = value("booking_http_rate_limited_total");

        Reply reply = client.post(
                "/v1/events/e1/bookings",
                "{\"userId\":\"alice\"}",
                "X-Forwarded-For",
                "192.0.2.10",
                "Prefer",
                "wait=1");

        assertThat(reply.status()).isEqualTo(429);
        assertThat(value("booking_commands_acknowledgement_seconds_count")).isEqualTo(taken);
        assertThat(value("booking_http_rate_limited_total") - refused).isEqualTo(1);
    }

    @Test
    void whoInventsAddressesIsCountedByTheOneThatTheProxySaw() {
        for (int i = 0; i < CALLS; i++) {
            listEvents("203.0.113." + i + ", 192.0.2.20");
        }

        assertThat(listEvents("203.0.113.99, 192.0.2.20").status()).isEqualTo(429);
    }

    @Test
    void theAddressesOfOneIpv6NetworkCountAsOneCaller() {
        for (int i = 0; i < CALLS; i++) {
            listEvents("2001:db8:0:1::" + i);
        }

        assertThat(listEvents("2001:db8:0:1:ffff::1").status()).isEqualTo(429);
        assertThat(listEvents("2001:db8:0:2::1").status()).isEqualTo(200);
    }

    @Test
    void callsAboutTheGatewayItselfAreNotCounted() {
        spend("192.0.2.30");

        for (String path : new String[] {"/health/live", "/health/ready", "/metrics", "/openapi.yaml"}) {
            Reply reply = client.get(path, "X-Forwarded-For", "192.0.2.30");
            assertThat(reply.status()).as(path).isEqualTo(200);
            assertThat(reply.header("RateLimit")).as(path).isEmpty();
        }
        assertThat(listEvents("192.0.2.30").status()).isEqualTo(429);
    }

    @Test
    void whoSaysWhoItIsIsCountedByThatWhereverItCallsFrom() {
        for (int i = 0; i < CALLS; i++) {
            assertThat(listEvents(SHOP, "192.0.2." + i).status()).isEqualTo(503);
        }

        assertThat(listEvents(SHOP, "192.0.2.99").status()).isEqualTo(429);
        assertThat(listEvents(OTHER, "192.0.2.0").status()).isEqualTo(503);
    }

    @Test
    void whoCannotSayWhoItIsIsStoppedByWhereItCallsFrom() {
        for (int i = 0; i < CALLS; i++) {
            assertThat(listEvents(ApiKey.newText(), "192.0.2.40").status()).isEqualTo(401);
        }

        Reply refused = listEvents(ApiKey.newText(), "192.0.2.40");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isPresent();
        assertThat(listEvents(ApiKey.newText(), "192.0.2.41").status()).isEqualTo(401);
        // A key that is known is none of those.
        assertThat(listEvents(OTHER, "192.0.2.40").status()).isEqualTo(503);
    }

    private static String line(String name, String key) {
        return new ApiKey(name, ApiKey.sha256(key), Set.of(Role.READ), Optional.empty()).line();
    }

    private static Reply listEvents(String key, String forwardedFor) {
        return guardedClient.get("/v1/events", "Authorization", "Bearer " + key, "X-Forwarded-For", forwardedFor);
    }

    private static void spend(String address) {
        for (int i = 0; i < CALLS; i++) {
            listEvents(address);
        }
    }

    private static Reply listEvents(String forwardedFor) {
        return client.get("/v1/events?limit=1", "X-Forwarded-For", forwardedFor);
    }

    private static double value(String name) {
        return client.get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
