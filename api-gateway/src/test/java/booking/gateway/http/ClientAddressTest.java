package booking.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import booking.gateway.http.RateLimitSettings.ProxyHeader;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxies are 10.0.0.0/8 and fd00::/8. */
class ClientAddressTest {
    private final ClientAddress byXForwardedFor = address(ProxyHeader.X_FORWARDED_FOR, "10.0.0.0/8", "fd00::/8");
    private final ClientAddress byForwarded = address(ProxyHeader.FORWARDED, "10.0.0.0/8", "fd00::/8");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # peer               | X-Forwarded-For                     | client
                      192.0.2.1          | 198.51.100.7                        | 192.0.2.1
                      10.0.0.1           |                                     | 10.0.0.1
                      10.0.0.1           | 198.51.100.7                        | 198.51.100.7
                      10.0.0.1           | 198.51.100.7:4711                   | 198.51.100.7
                      10.0.0.1           | 203.0.113.5, 198.51.100.7           | 198.51.100.7
                      10.0.0.1           | 203.0.113.5, 198.51.100.7, 10.0.0.2 | 198.51.100.7
                      10.0.0.1           | 10.9.9.9, 10.0.0.2                  | 10.9.9.9
                      10.0.0.1           | nonsense, 10.0.0.2                  | 10.0.0.2
                      10.0.0.1           | 198.51.100.7, nonsense              | 10.0.0.1
                      10.0.0.1           | localhost                           | 10.0.0.1
                      10.0.0.1           | ,                                   | 10.0.0.1
                      10.0.0.1           | 2001:db8:1:2:3:4:5:6                | 20010db800010002/64
                      10.0.0.1           | [2001:db8:1:2::9]:4711              | 20010db800010002/64
                      10.0.0.1           | ::ffff:198.51.100.7                 | 198.51.100.7
                      fd00::1            | 198.51.100.7                        | 198.51.100.7
                      2001:db8:1:2::1    | 198.51.100.7                        | 20010db800010002/64
                      ::ffff:10.0.0.1    | 198.51.100.7                        | 198.51.100.7
                    """)
    void onlyWhatATrustedProxyAppendedIsBelieved(String peer, @Nullable String header, String client) {
        assertThat(byXForwardedFor.of(peer, header == null ? List.of() : List.of(header)))
                .isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                      10.0.0.1 | for=198.51.100.7                                   | 198.51.100.7
                      10.0.0.1 | FOR="198.51.100.7:4711";proto=https;by=10.0.0.1    | 198.51.100.7
                      10.0.0.1 | proto=https; for="[2001:db8:1:2::9]:4711"          | 20010db800010002/64
                      10.0.0.1 | for=203.0.113.5, for=198.51.100.7                  | 198.51.100.7
                      10.0.0.1 | for=203.0.113.5;host=", for=198.51.100.7           | 198.51.100.7
                      10.0.0.1 | for=198.51.100.7, for=_hidden                      | 10.0.0.1
                      10.0.0.1 | for=unknown                                        | 10.0.0.1
                      10.0.0.1 | 198.51.100.7                                       | 10.0.0.1
                    """)
    void theStandardHeaderIsReadLikewise(String peer, String header, String client) {
        assertThat(byForwarded.of(peer, List.of(header))).isEqualTo(client);
    }

    @Test
    void linesCountInTheirOrder() {
        assertThat(byXForwardedFor.of("10.0.0.1", List.of("203.0.113.5", "198.51.100.7")))
                .isEqualTo("198.51.100.7");
    }

    @Test
    void onlyTheHeaderThatIsConfiguredIsRead() {
        assertThat(byXForwardedFor.header()).isEqualTo("X-Forwarded-For");
        assertThat(byForwarded.header()).isEqualTo("Forwarded");
    }

    @Test
    void withoutTrustedProxiesNobodyIsBelieved() {
        assertThat(address(ProxyHeader.X_FORWARDED_FOR).of("127.0.0.1", List.of("198.51.100.7")))
                .isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/x", "10.0.0", "::/129"
            })
    void aProxyIsAnAddressOrANetwork(String proxy) {
        assertThatThrownBy(() -> address(ProxyHeader.FORWARDED, proxy)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ClientAddress address(ProxyHeader header, String... proxies) {
        return new ClientAddress(new RateLimitSettings(1, Duration.ofSeconds(1), List.of(proxies), header));
    }
}
