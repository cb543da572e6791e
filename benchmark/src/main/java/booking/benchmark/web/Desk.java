package booking.benchmark.web;

import booking.benchmark.tables.Locking;
import booking.benchmark.tables.Outcome;
import booking.benchmark.tables.PlainPool;
import booking.benchmark.tables.PlainTables;
import booking.benchmark.tables.PlainTables.Seats;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers calls: on a worker thread, as the database is waited for. */
final class Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    private static final JsonMapper JSON = new JsonMapper();

    /** The parts of {@code /v1/events/EVENT/bookings/BOOKING/confirmation}; the first is empty. */
    private static final int EVENT = 3;

    private static final int WHAT = 4;
    private static final int BOOKING = 5;

    private final PlainTables tables;
    private final PlainPool pool;

    Desk(Locking locking, PlainPool pool) {
        this.tables = new PlainTables(locking);
        this.pool = pool;
    }

    void answer(HttpServerRequest request) {
        Context context = Objects.requireNonNull(Vertx.currentContext());
        var unused = request.body()
                .compose(body -> context.<Integer>executeBlocking(() -> status(request, body), false))
                .onComplete(status -> respond(request, status), failure -> {
                    LOG.warn("{} {} failed", request.method(), request.path(), failure);
                    respond(request, 500);
                });
    }

    private static void respond(HttpServerRequest request, int status) {
        var unused = request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end("{\"status\":" + status + "}");
    }

    private int status(HttpServerRequest request, Buffer body) throws SQLException {
        String[] path = request.path().split("/", -1);
        if (request.path().equals("/health/ready")) {
            return 200;
        }
        if (request.method().equals(HttpMethod.PUT) && path.length == 3 && path[1].equals("pool")) {
            pool.resize(Integer.parseInt(path[2]));
            return 200;
        }
        if (path.length <= WHAT) {
            return 404;
        }
        String eventId = path[EVENT];
        try (Connection connection = pool.connection()) {
            if (path.length > BOOKING) {
                UUID bookingId = UUID.fromString(path[BOOKING]);
                return status(
                        request.method().equals(HttpMethod.DELETE)
                                ? tables.cancel(connection, eventId, bookingId)
                                : tables.confirm(connection, eventId, bookingId),
                        200);
            }
            JsonNode form = JSON.readTree(body.getBytes());
            Seats seats = new Seats(
                    UUID.fromString(request.getHeader("Idempotency-Key").toLowerCase(Locale.ROOT)),
                    eventId,
                    form.path("userId").stringValue(),
                    form.path("quantity").asInt(1),
                    form.path("holdSeconds").asInt(0));
            return path[WHAT].equals("waitlist")
                    ? status(tables.joinLine(connection, seats), 200)
                    : status(tables.take(connection, seats), 201);
        }
    }

    private static int status(Outcome outcome, int accepted) {
        return switch (outcome) {
            case ACCEPTED -> accepted;
            case NOT_FOUND -> 404;
            case REFUSED -> 409;
            case GAVE_UP -> 412;
        };
    }
}
