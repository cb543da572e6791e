package booking.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sends requests to a gateway. Headers are given as name, value, name, value. */
record Client(int port) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Reply get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    Reply delete(String path, String... headers) {
        return send("DELETE", path, null, headers);
    }

    /** A POST of JSON. */
    Reply post(String path, String json, String... headers) {
        return send("POST", path, json, headers);
    }

    /** A POST of nothing. */
    Reply post(String path) {
        return send("POST", path, null);
    }

    /** A PATCH of JSON. */
    Reply patch(String path, String json, String... headers) {
        return send("PATCH", path, json, headers);
    }

    /** Only the head of the answer; the connection is closed before its body has ended. */
    Reply head(String path, String... headers) {
        try {
            HttpResponse<InputStream> response =
                    HTTP.send(request("GET", path, null, headers), BodyHandlers.ofInputStream());
            response.body().close();
            return new Reply(response.statusCode(), response.headers(), new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    CompletableFuture<Reply> getAsync(String path, String... headers) {
        return HTTP.sendAsync(request("GET", path, null, headers), BodyHandlers.ofByteArray())
                .thenApply(Reply::of);
    }

    CompletableFuture<Reply> postAsync(String path, String json, String... headers) {
        return HTTP.sendAsync(request("POST", path, json, headers), BodyHandlers.ofByteArray())
                .thenApply(Reply::of);
    }

    Reply send(String method, String path, @Nullable String json, String... headers) {
        return send(request(method, path, json, headers));
    }

    static Reply send(HttpRequest request) {
        try {
            return Reply.of(HTTP.send(request, BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpRequest request(String method, String path, @Nullable String json, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(60))
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
