package booking.standalone.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import tools.jackson.databind.JsonNode;

/** A gateway, asked over HTTP. */
final class Gateway {
    // Longer than the longest wait for a result.
    private static final Duration ANSWER = Duration.ofSeconds(40);
    /** Also of the handshake with TLS, which takes seconds where the machine is busy and both sides have just begun. */
    private static final Duration CONNECTION = Duration.ofSeconds(20);

    private static final String LONGEST_WAIT = "wait=30";
    private static final String STREAM = "text/event-stream";
    private static final int LONGEST_REFUSAL_LINES = 100;

    private final HttpClient client;
    private final URI url;
    private final Optional<String> key;

    /**
     * The one that answers at this address, such as {@code http://127.0.0.1:8080}.
     *
     * @param key an API key or a token, if it asks who calls
     * @param trusted whose certificates are trusted, if not those that Java trusts
     */
    Gateway(URI url, Optional<String> key, Optional<SSLContext> trusted) {
        this.url = url;
        this.key = key;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECTION);
        trusted.ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    URI url() {
        return url;
    }

    /** A path of these parts, which may hold any character. */
    static String path(String... parts) {
        StringBuilder path = new StringBuilder();
        for (String part : parts) {
            path.append('/').append(encoded(part));
        }
        return path.toString();
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Reads what is at the path. */
    GatewayAnswer get(String path) {
        try {
            return ask(HttpRequest.newBuilder(at(path)).GET());
        } catch (IOException e) {
            throw NoAnswer.from(url, e);
        }
    }

    /** Reads all pages of a list, entry by entry. */
    void forEach(String path, String list, Consumer<JsonNode> reader) {
        Optional<String> after = Optional.empty();
        do {
            JsonNode page = get(path + "?limit=1000"
                            + after.map(id -> "&after=" + encoded(id)).orElse(""))
                    .json();
            page.path(list).forEach(reader);
            after = page.path("after").stringValueOpt();
        } while (after.isPresent());
    }

    /** The lines of an answer that goes on and on. */
    Stream<String> lines(String path) {
        try {
            HttpResponse<Stream<String>> response =
                    send(HttpRequest.newBuilder(at(path)).header("Accept", STREAM), BodyHandlers.ofLines());
            if (response.statusCode() != 200 || !isStream(response)) {
                String body = response.body().limit(LONGEST_REFUSAL_LINES).collect(Collectors.joining("\n"));
                throw new GatewayAnswer(url, response.statusCode(), body, Optional.empty()).asFailure();
            }
            return response.body();
        } catch (IOException e) {
            throw NoAnswer.from(url, e);
        }
    }

    /** Sends a command, with JSON or with nothing, and waits for its result for as long as the gateway will. */
    GatewayAnswer send(String method, String path, String key, byte[] json) {
        try {
            return ask(HttpRequest.newBuilder(at(path))
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", key)
                    .header("Prefer", LONGEST_WAIT)
                    .method(method, BodyPublishers.ofByteArray(json)));
        } catch (ConnectException | HttpConnectTimeoutException | SSLException | ProtocolException e) {
            // No gateway has it.
            throw NoAnswer.from(url, e);
        } catch (IOException e) {
            throw new GatewayException(
                    "the answer of " + url + " was lost (" + NoAnswer.inWords(e)
                            + "); it may be done or not: the same command again with --key " + key
                            + " tells, and does it only once" + NoAnswer.ifItServesTls(url),
                    e);
        }
    }

    private GatewayAnswer ask(HttpRequest.Builder request) throws IOException {
        HttpResponse<String> response = send(request.timeout(ANSWER), BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new GatewayAnswer(
                url, response.statusCode(), response.body(), response.headers().firstValue("Location"));
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> handler) throws IOException {
        key.ifPresent(given -> request.header("Authorization", "Bearer " + given));
        try {
            return client.send(request.build(), handler);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GatewayException("interrupted while waiting for " + url, e);
        }
    }

    private static boolean isStream(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith(STREAM))
                .isPresent();
    }

    private URI at(String path) {
        return url.resolve(path);
    }
}
