package booking.gateway.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Large answers that wait for their readers to take them, within a part of the heap. When there is no room for one more, those
 * are dropped whose readers have taken nothing for a while, or have had long enough to take all; when there is none even so, the
 * new one is refused. Any thread may ask.
 */
final class UnreadAnswers {
    /** An eighth of it. */
    private static final int PART_OF_HEAP = 8;

    private static final long LEAST_BYTES = 4 << 20;
    /** A reader who has taken something in this time reads. */
    private static final Duration GRACE = Duration.ofSeconds(1);
    /** Whoever takes a piece now and then would else have its room for minutes, and a few such readers all of it. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(10);

    private static final int RETRY_SECONDS = 1;

    private final long most;
    private final LongSupplier nanoClock;
    private final Counter drops;

    // Guarded by this object.
    /** That of which something was taken longest ago comes first. */
    private final Set<Held> held = new LinkedHashSet<>();

    private long heldBytes;

    UnreadAnswers(MeterRegistry meters) {
        this(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / PART_OF_HEAP), System::nanoTime, meters);
    }

    /** With so many bytes, and another clock. */
    UnreadAnswers(long most, LongSupplier nanoClock, MeterRegistry meters) {
        this.most = most;
        this.nanoClock = nanoClock;
        this.drops = Counter.builder("booking.http.answers.dropped")
                .description("Large answers that were dropped to make room for others, as their readers took nothing")
                .register(meters);
        Gauge.builder("booking.http.answers.held", this, UnreadAnswers::heldBytes)
                .description("What large answers take until they have been read")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("booking.http.answers.limit", this, answers -> answers.most)
                .description("How much they may take")
                .baseUnit("bytes")
                .register(meters);
    }

    /**
     * Keeps this until a call has been {@link Held#answer answered with} it, which has to be done.
     *
     * @throws RequestRefused when there is no room
     */
    Held hold(byte[] content) {
        Held one = new Held(Buffer.buffer(content));
        if (content.length <= PiecewiseAnswer.PIECE_BYTES) {
            return one;
        }
        List<Held> unread = new ArrayList<>();
        try {
            hold(one, unread);
        } finally {
            unread.forEach(Held::drop);
        }
        return one;
    }

    private synchronized void hold(Held one, List<Held> unread) {
        long now = nanoClock.getAsLong();
        Iterator<Held> oldest = held.iterator();
        while (heldBytes + one.bytes > most && oldest.hasNext()) {
            Held next = oldest.next();
            if (next.canGoAt(now)) {
                oldest.remove();
                heldBytes -= next.bytes;
                unread.add(next);
            }
        }
        if (heldBytes + one.bytes > most && !held.isEmpty()) {
            throw noRoom();
        }
        held.add(one);
        heldBytes += one.bytes;
    }

    private synchronized void remove(Held one) {
        if (held.remove(one)) {
            heldBytes -= one.bytes;
        }
    }

    private synchronized void renew(Held one) {
        if (held.remove(one)) {
            one.takenNanos = nanoClock.getAsLong();
            held.add(one);
        }
    }

    private synchronized long heldBytes() {
        return heldBytes;
    }

    private static RequestRefused noRoom() {
        return new RequestRefused(
                Problem.of(ProblemCode.TOO_MANY_ANSWERS, "try again in a moment, or ask for a smaller page")
                        .retryAfterSeconds(RETRY_SECONDS));
    }

    /** What a call will be answered with. */
    final class Held {
        private final Buffer content;
        private final long bytes;
        private final long sinceNanos = nanoClock.getAsLong();
        /** Guarded by all answers. */
        private long takenNanos = sinceNanos;
        /** Guarded by this object. */
        private @Nullable HttpConnection connection;

        private boolean dropped;

        private Held(Buffer content) {
            this.content = content;
            this.bytes = content.length();
        }

        /** Answers the call with it. To be called once, on its event loop. */
        void answer(RoutingContext call, String contentType) {
            if (!beginOn(call.request().connection())) {
                call.fail(noRoom());
                return;
            }
            if (Answers.isOver(call.response())) {
                letGo();
                return;
            }
            call.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                    .putHeader(HttpHeaders.CACHE_CONTROL, Answers.NOT_KEPT);
            PiecewiseAnswer.give(call, content, this::taken, this::letGo);
        }

        /** Its reader has taken some of it. */
        void taken() {
            renew(this);
        }

        /** Its reader has taken all of it, or has gone. */
        void letGo() {
            remove(this);
        }

        private boolean canGoAt(long now) {
            return now - takenNanos >= GRACE.toNanos() || now - sinceNanos >= LONG_ENOUGH.toNanos();
        }

        private synchronized boolean beginOn(HttpConnection client) {
            connection = client;
            return !dropped;
        }

        private synchronized void drop() {
            dropped = true;
            drops.increment();
            if (connection != null) {
                Connections.cut(connection);
            }
        }
    }
}
