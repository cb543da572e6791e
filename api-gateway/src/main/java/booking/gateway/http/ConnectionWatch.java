package booking.gateway.http;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cuts connections whose clients are slow: to send the head of a request, its body, or the next request on a connection
 * kept open; to take a piece of a large answer. Bytes that trickle in do not count as progress. Confined to one event loop.
 */
final class ConnectionWatch {
    private static final long LOOK_EVERY_MILLIS = 500;
    private static final String OF_CALL = "connection watch";

    private final Connections connections;
    private final Duration patience;
    // Those of whom we wait for something, and until when. A client that waits for us is not among them.
    private final Map<HttpConnection, Long> deadlinesNanos = new HashMap<>();
    // Streams are closed by other threads.
    private final Set<HttpConnection> closing = ConcurrentHashMap.newKeySet();

    ConnectionWatch(Vertx vertx, Connections connections, Duration patience) {
        this.connections = connections;
        this.patience = patience;
        vertx.setPeriodic(LOOK_EVERY_MILLIS, id -> cutTheLate());
    }

    /** Lets a call say what it waits for: that more of its body comes, or that more of its answer is taken. */
    void handOver(RoutingContext call) {
        call.put(OF_CALL, this);
        call.next();
    }

    /** The one that was handed over. */
    static ConnectionWatch of(RoutingContext call) {
        ConnectionWatch watch = call.get(OF_CALL);
        if (watch == null) {
            throw new IllegalStateException("no watch was handed over");
        }
        return watch;
    }

    /**
     * Whether it is being closed, by us or by the client. Vert.x lets go of the answers that are not written then, takes each for given,
     * and hands on the requests that have been sent ahead: nobody is there any more to be answered.
     */
    boolean isClosing(HttpConnection connection) {
        return closing.contains(connection);
    }

    /** A client has connected; we wait for the head of its first request. */
    void opened(HttpConnection connection) {
        channel(connection)
                .pipeline()
                .addBefore(RequestDecoder.NAME, PiecewiseReading.NAME, new PiecewiseReading())
                .replace(RequestDecoder.NAME, RequestDecoder.NAME, new RequestDecoder());
        expect(connection);
        connection.shutdownHandler(begun -> closing.add(connection));
        connection.closeHandler(closed -> {
            deadlinesNanos.remove(connection);
            closing.remove(connection);
        });
    }

    /** The head of a request has come; we wait for its body, and after both it and our answer for the next request. */
    void began(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        expect(connection);
        Long untilWhole = deadlinesNanos.get(connection);
        request.end().onSuccess(whole -> {
            // Another one is for an answer that has begun, and is still to be read.
            if (Objects.equals(deadlinesNanos.get(connection), untilWhole)) {
                expectNothing(connection);
            }
            if (request.response().ended()) {
                expect(connection);
            } else {
                request.response().endHandler(answered -> expect(connection));
            }
        });
    }

    /** What the client is to do next, such as to send more, has to be done in the usual time. */
    void expect(HttpConnection connection) {
        expectWithin(connection, patience);
    }

    /** What the client is to do next has to be done in this time. */
    void expectWithin(HttpConnection connection, Duration time) {
        Channel channel = channel(connection);
        // Nobody would take out again what is closed already.
        if (channel.isOpen()) {
            deadlinesNanos.put(connection, System.nanoTime() + time.toNanos());
            connections.waitFor(channel, () -> Connections.cut(connection));
        }
    }

    /** It is our turn. */
    void expectNothing(HttpConnection connection) {
        deadlinesNanos.remove(connection);
        connections.serve(channel(connection));
    }

    private void cutTheLate() {
        long now = System.nanoTime();
        deadlinesNanos.forEach((connection, deadline) -> {
            if (now - deadline > 0) {
                closing.add(connection);
                Connections.cut(connection);
            }
        });
    }

    private static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }
}
