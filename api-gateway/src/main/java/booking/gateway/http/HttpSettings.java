package booking.gateway.http;

import booking.configuration.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the gateway serves HTTP.
 *
 * @param port 0 for any free port
 * @param requestTimeout how long a client may take to send the head of a request, and then again its body
 * @param connections how many connections may be open; 0 for as many as the heap carries
 * @param waitingRoom how many writes may wait for their results at the same time
 * @param streams how many readers of streams there may be
 * @param batches how many batches there may be
 * @param callerShare how much of the waiting room, the streams and the batches one caller may have, in percent
 * @param allowedHosts names and addresses that a call may be for beside those of this machine, where nobody is asked who they
 *     are; when there are none and it was said that it is open to all, any
 * @param rateLimit how much each caller may ask for
 * @param tls with which certificate it is served over TLS, if it is
 */
public record HttpSettings(
        String host,
        int port,
        Duration requestTimeout,
        int connections,
        int waitingRoom,
        int streams,
        int batches,
        int callerShare,
        List<String> allowedHosts,
        RateLimitSettings rateLimit,
        Optional<Tls> tls) {
    private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

    /**
     * What a server shows and proves that it is.
     *
     * @param certificate file with the chain of certificates, PEM
     * @param key file with the private key of the first of them, PEM (PKCS #8)
     */
    public record Tls(Path certificate, Path key) {}

    /** @throws IllegalArgumentException when a host is neither a name nor an address */
    public HttpSettings {
        allowedHosts = allowedHosts.stream().map(AllowedHosts::parse).toList();
    }

    /** Takes the {@code BOOKING_HTTP_} variables. */
    public static HttpSettings from(Settings settings) {
        return new HttpSettings(
                settings.text("http.host"),
                settings.integer("http.port", 0, 65_535),
                settings.duration("http.request-timeout", Duration.ofSeconds(1), Duration.ofMinutes(5)),
                settings.integer("http.connections", 0, 1_000_000),
                settings.integer("http.waiting-room", 1, 1_000_000),
                settings.integer("http.streams", 0, 100_000),
                settings.integer("http.batches", 0, 100_000),
                settings.integer("http.caller-share", 1, 100),
                allowedHosts(settings),
                RateLimitSettings.from(settings),
                tls(settings));
    }

    private static List<String> allowedHosts(Settings settings) {
        List<String> hosts = settings.optionalText("http.allowed-hosts")
                .map(text -> Arrays.asList(COMMA.split(text.strip(), -1)))
                .orElse(List.of());
        try {
            hosts.forEach(AllowedHosts::parse);
            return hosts;
        } catch (IllegalArgumentException e) {
            settings.reject(
                    "http.allowed-hosts",
                    "names or addresses without ports, separated by commas, such as desk.example,192.168.1.5");
            return List.of();
        }
    }

    private static Optional<Tls> tls(Settings settings) {
        Optional<Path> certificate =
                settings.optionalText("http.tls-certificate-file").map(Path::of);
        Optional<Path> key = settings.optionalText("http.tls-key-file").map(Path::of);
        if (certificate.isPresent() != key.isPresent()) {
            settings.reject(
                    certificate.isPresent() ? "http.tls-key-file" : "http.tls-certificate-file",
                    "given together with the other of BOOKING_HTTP_TLS_CERTIFICATE_FILE and BOOKING_HTTP_TLS_KEY_FILE");
        }
        requireReadable(settings, "http.tls-certificate-file", certificate);
        requireReadable(settings, "http.tls-key-file", key);
        return certificate.flatMap(chain -> key.map(secret -> new Tls(chain, secret)));
    }

    private static void requireReadable(Settings settings, String path, Optional<Path> file) {
        if (file.isPresent() && !Files.isReadable(file.get())) {
            settings.reject(path, "a file that can be read");
        }
    }
}
