package booking.gateway.http;

import booking.gateway.await.PublishedResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Server-sent events: every result as it is published, to a bounded number of readers. */
public final class LiveStreams {
    private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);
    private static final int PIECE_BYTES = 64 * 1024;
    private static final long HEARTBEAT_MILLIS = 15_000;
    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");
    private static final byte LINE_FEED = '\n';
    private static final byte CARRIAGE_RETURN = '\r';

    private final Semaphore places;
    private final Set<LiveStream> streams = ConcurrentHashMap.newKeySet();
    private final Counter dropped;

    /** With room for so many readers. */
    public LiveStreams(int most, MeterRegistry meters) {
        this.places = new Semaphore(most);
        this.dropped = Counter.builder("booking.streams.dropped")
                .description("Readers of the live stream that were dropped because they were too slow")
                .register(meters);
        Gauge.builder("booking.streams.open", this, room -> most - room.places.availablePermits())
                .description("Readers of the live stream")
                .register(meters);
        Gauge.builder("booking.streams.limit", () -> most)
                .description("How many readers of the live stream there may be")
                .register(meters);
    }

    /** Opens a stream as the answer to this request. To be called on its event loop. */
    void open(Vertx vertx, Context context, HttpServerRequest request) {
        if (!places.tryAcquire()) {
            throw new RequestRefused(
                    Problem.of(ProblemCode.TOO_MANY_STREAMS, "try again later").retryAfterSeconds(10));
        }
        LiveStream stream = new LiveStream(context, request);
        long heartbeat = vertx.setPeriodic(HEARTBEAT_MILLIS, id -> stream.send(HEARTBEAT));
        AtomicBoolean closed = new AtomicBoolean();
        request.response()
                .setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .closeHandler(gone -> {
                    if (closed.compareAndSet(false, true)) {
                        vertx.cancelTimer(heartbeat);
                        streams.remove(stream);
                        places.release();
                    }
                });
        streams.add(stream);
        // The reader sees at once that it is connected.
        var unused = stream.send(HEARTBEAT);
    }

    /** Sends these results to every reader. */
    public void send(List<PublishedResult> results) {
        if (streams.isEmpty()) {
            return;
        }
        Buffer piece = Buffer.buffer();
        for (PublishedResult result : results) {
            append(piece, result);
            if (piece.length() >= PIECE_BYTES) {
                send(piece);
                piece = Buffer.buffer();
            }
        }
        if (piece.length() > 0) {
            send(piece);
        }
    }

    private void send(Buffer piece) {
        streams.removeIf(stream -> {
            if (stream.send(piece)) {
                return false;
            }
            dropped.increment();
            LOG.info("Dropped a reader of the live stream who was too slow");
            return true;
        });
    }

    /** Ends all streams. */
    void close() {
        streams.forEach(LiveStream::close);
    }

    private static void append(Buffer events, PublishedResult result) {
        events.appendString("id: " + result.partition() + "-" + result.offset() + "\nevent: result\ndata: ");
        byte[] json = result.value();
        // The processor writes one line; a record with more of them must not end up as other fields of the event.
        boolean oneLine = true;
        for (byte b : json) {
            oneLine &= b != LINE_FEED && b != CARRIAGE_RETURN;
        }
        if (oneLine) {
            events.appendBytes(json);
        } else {
            events.appendString(new String(json, StandardCharsets.UTF_8).replaceAll("[\\r\\n]+", " "));
        }
        events.appendString("\n\n");
    }
}
