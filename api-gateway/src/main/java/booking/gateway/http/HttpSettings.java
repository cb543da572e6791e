package booking.gateway.http;

import booking.configuration.Settings;
import java.time.Duration;

/**
 * How the gateway serves HTTP.
 *
 * @param port 0 for any free port
 * @param requestTimeout how long a client may take to send the head of a request, and then again its body
 * @param waitingRoom how many writes may wait for their results at the same time
 * @param streams how many readers of streams there may be
 */
public record HttpSettings(String host, int port, Duration requestTimeout, int waitingRoom, int streams) {

    /** Takes the {@code BOOKING_HTTP_} variables. */
    public static HttpSettings from(Settings settings) {
        return new HttpSettings(
                settings.text("http.host"),
                settings.integer("http.port", 0, 65_535),
                settings.duration("http.request-timeout", Duration.ofSeconds(1), Duration.ofMinutes(5)),
                settings.integer("http.waiting-room", 1, 1_000_000),
                settings.integer("http.streams", 0, 100_000));
    }
}
