package booking.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.gateway.http.HttpSettings;
import booking.gateway.http.RateLimitSettings;
import booking.gateway.http.RateLimitSettings.ProxyHeader;
import booking.gateway.send.BacklogSettings;
import booking.schemas.topic.TopicNames;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewaySettingsTest {
    @Test
    void withoutVariablesItServesThisMachineOnly() {
        GatewaySettings settings = GatewaySettings.from(Map.of());

        RateLimitSettings unlimited =
                new RateLimitSettings(0, Duration.ofSeconds(60), List.of(), ProxyHeader.X_FORWARDED_FOR);
        assertThat(settings.http())
                .isEqualTo(new HttpSettings(
                        "127.0.0.1",
                        8080,
                        Duration.ofSeconds(8),
                        0,
                        10_000,
                        100,
                        50,
                        100,
                        List.of(),
                        unlimited,
                        Optional.empty()));
        assertThat(settings.backlog())
                .isEqualTo(new BacklogSettings("booking-processor", 1_000_000, Duration.ofSeconds(30)));
        assertThat(settings.topics()).isEqualTo(TopicNames.DEFAULT);
        assertThat(settings.database().user()).isEqualTo("booking_read");
    }

    @Test
    void everyBadVariableIsNamed() {
        assertThatThrownBy(() -> GatewaySettings.from(Map.of(
                        "BOOKING_HTTP_PORT", "eighty",
                        "BOOKING_HTTP_REQUEST_TIMEOUT", "0s",
                        "BOOKING_HTTP_WAITING_ROOM", "0",
                        "BOOKING_HTTP_STREAMS", "-1",
                        "BOOKING_HTTP_CALLER_SHARE", "101",
                        "BOOKING_HTTP_TLS_CERTIFICATE_FILE", "/nowhere/certificate.pem",
                        "BOOKING_HTTP_RATE_LIMIT", "-1",
                        "BOOKING_HTTP_TRUSTED_PROXIES", "10.0.0.0/8,proxy.example",
                        "BOOKING_HTTP_PROXY_HEADER", "via",
                        "BOOKING_HTTP_HOSTS", "x")))
                .hasMessageContaining("BOOKING_HTTP_PORT is \"eighty\"")
                .hasMessageContaining("BOOKING_HTTP_REQUEST_TIMEOUT is \"0s\"")
                .hasMessageContaining("BOOKING_HTTP_WAITING_ROOM is \"0\"")
                .hasMessageContaining("BOOKING_HTTP_STREAMS is \"-1\"")
                .hasMessageContaining(
                        "BOOKING_HTTP_TLS_CERTIFICATE_FILE is \"/nowhere/certificate.pem\", must be a file that")
                .hasMessageContaining("BOOKING_HTTP_TLS_KEY_FILE is not set, must be given together with")
                .hasMessageContaining("BOOKING_HTTP_RATE_LIMIT is \"-1\"")
                .hasMessageContaining("BOOKING_HTTP_TRUSTED_PROXIES is \"10.0.0.0/8,proxy.example\"")
                .hasMessageContaining("BOOKING_HTTP_PROXY_HEADER is \"via\", must be one of x-forwarded-for, forwarded")
                .hasMessageContaining("BOOKING_HTTP_CALLER_SHARE is \"101\", must be a whole number from 1 to 100")
                .hasMessageContaining("did you mean BOOKING_HTTP_HOST?");
        assertThatThrownBy(() -> GatewaySettings.from(Map.of("BOOKING_SHED_STALLED", "soon")))
                .hasMessageContaining("BOOKING_SHED_STALLED is \"soon\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"desk.example:8080", "http://desk.example", "*", "desk.example,", "a b", ".example"})
    void aHostIsANameOrAnAddressAndNothingElse(String hosts) {
        assertThatThrownBy(() -> GatewaySettings.from(Map.of("BOOKING_HTTP_ALLOWED_HOSTS", hosts)))
                .hasMessageContaining("BOOKING_HTTP_ALLOWED_HOSTS is \"" + hosts + "\", must be names or addresses");
    }
}
