package booking.gateway.http;

import booking.configuration.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How much each caller may ask for, and how callers are told apart.
 *
 * @param calls how many in a window; 0 for any number
 * @param trustedProxies addresses and networks ({@code 10.0.0.0/8}) of the proxies whose word is taken for where a
 *     request comes from
 * @param proxyHeader where they say it
 */
public record RateLimitSettings(int calls, Duration window, List<String> trustedProxies, ProxyHeader proxyHeader) {
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    /** The header to which proxies append the address that they were called from. */
    public enum ProxyHeader {
        /** As most do. */
        X_FORWARDED_FOR,
        /** RFC 7239. */
        FORWARDED
    }

    /** @throws IllegalArgumentException when a proxy is neither an address nor a network */
    public RateLimitSettings {
        trustedProxies = List.copyOf(trustedProxies);
        trustedProxies.forEach(Networks::parse);
    }

    /** Takes {@code BOOKING_HTTP_RATE_LIMIT} and the variables beside it. */
    public static RateLimitSettings from(Settings settings) {
        int calls = settings.integer("http.rate-limit", 0, 1_000_000_000);
        Duration window = settings.duration("http.rate-limit-window", Duration.ofSeconds(1), Duration.ofDays(1));
        ProxyHeader header = settings.choice("http.proxy-header", ProxyHeader.class);
        List<String> proxies = settings.optionalText("http.trusted-proxies")
                .map(text -> Arrays.asList(COMMA.split(text.strip(), -1)))
                .orElse(List.of());
        try {
            return new RateLimitSettings(calls, window, proxies, header);
        } catch (IllegalArgumentException e) {
            settings.reject(
                    "http.trusted-proxies", "addresses or networks separated by commas, such as 10.0.0.0/8,fd00::/8");
            return new RateLimitSettings(calls, window, List.of(), header);
        }
    }
}
