package booking.gateway.http;

import booking.gateway.follow.Gap;
import booking.gateway.follow.PastRecords;
import booking.gateway.follow.Positions;
import booking.gateway.follow.Published;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives one reader what was published since it left, at the pace at which it takes it, until it can join those who are
 * given what is published now. Goes in small steps and to the end of the queue after each, so that nobody who reads
 * slowly, or has much to read, keeps others from it.
 */
final class CatchUp implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ROOM_WAIT = Duration.ofMillis(100);
    /** So near to the end, the reader joins the others: what is published in the meantime is kept for it. */
    private static final int NEAR = 1_000;

    private final LiveStreams streams;
    private final LiveStream stream;
    private final Positions from;
    private final Function<Positions, PastRecords> past;
    private final Executor queue;

    // One step comes after the other, so these need no guard.
    private @Nullable PastRecords records;
    private @Nullable Positions joined;

    CatchUp(
            LiveStreams streams,
            LiveStream stream,
            Positions from,
            Function<Positions, PastRecords> past,
            Executor queue) {
        this.streams = streams;
        this.stream = stream;
        this.from = from;
        this.past = past;
        this.queue = queue;
    }

    @Override
    public void run() {
        try {
            if (stream.isOver() || step()) {
                close();
            } else {
                queue.execute(this);
            }
        } catch (KafkaException | RejectedExecutionException e) {
            // It comes back with the last id that it has.
            LOG.warn("A reader of a stream cannot be given what it has missed: {}", e.toString());
            stream.close();
            close();
        }
    }

    /** True when it has caught up. */
    private boolean step() {
        PastRecords reading = records;
        if (reading == null) {
            reading = past.apply(from);
            records = reading;
            for (Gap gap : reading.gaps()) {
                stream.sendFirst(StreamEvents.gap(gap, reading.positions()));
            }
        }
        if (!stream.hasRoomWithin(ROOM_WAIT)) {
            return false;
        }
        Positions reached = reading.positions();
        Positions end = joined;
        if (end == null
                && reached.behind(
                                streams.positions(stream.selection().eventId()).orElse(reached))
                        <= NEAR) {
            end = streams.join(stream);
            joined = end;
        }
        if (end != null && reached.behind(end) == 0) {
            stream.release();
            return true;
        }
        pass(reading, reached, Optional.ofNullable(end));
        return false;
    }

    /** Sends what comes next, as far as it is before the place where the stream has joined the others. */
    private void pass(PastRecords reading, Positions reached, Optional<Positions> end) {
        Buffer piece = Buffer.buffer();
        for (Published record : reading.next(POLL)) {
            reached.pass(record);
            boolean wanted = stream.selection().has(record);
            if (wanted && end.map(positions -> positions.arePast(record)).orElse(true)) {
                StreamEvents.append(piece, reached, record);
            }
        }
        if (piece.length() > 0) {
            stream.sendFirst(piece);
        }
    }

    @Override
    public void close() {
        if (records != null) {
            records.close();
        }
    }
}
