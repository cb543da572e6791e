package booking.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Cuts connections whose clients are slow to send: the head of a request, its body, or the next request on a connection
 * kept open. Bytes that trickle in do not count as progress. Confined to one event loop.
 */
final class ConnectionWatch {
    private static final long LOOK_EVERY_MILLIS = 500;

    private final Duration patience;
    // Those of whom we wait for something, and until when. A client that waits for us is not among them.
    private final Map<HttpConnection, Long> deadlinesNanos = new HashMap<>();

    ConnectionWatch(Vertx vertx, Duration patience) {
        this.patience = patience;
        vertx.setPeriodic(LOOK_EVERY_MILLIS, id -> cutTheLate());
    }

    /** A client has connected; we wait for the head of its first request. */
    void opened(HttpConnection connection) {
        expect(connection);
        connection.closeHandler(closed -> deadlinesNanos.remove(connection));
    }

    /** The head of a request has come; we wait for its body, and after both it and our answer for the next request. */
    void began(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        expect(connection);
        request.end().onSuccess(whole -> {
            if (request.response().ended()) {
                expect(connection);
            } else {
                deadlinesNanos.remove(connection);
                request.response().endHandler(answered -> expect(connection));
            }
        });
    }

    private void expect(HttpConnection connection) {
        deadlinesNanos.put(connection, System.nanoTime() + patience.toNanos());
    }

    private void cutTheLate() {
        long now = System.nanoTime();
        deadlinesNanos.forEach((connection, deadline) -> {
            if (now - deadline > 0) {
                var unused = connection.close();
            }
        });
    }
}
