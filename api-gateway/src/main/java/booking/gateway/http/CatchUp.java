package booking.gateway.http;

import booking.gateway.follow.Gap;
import booking.gateway.follow.PastRecords;
import booking.gateway.follow.Positions;
import booking.gateway.follow.Published;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives one reader what was published since it left, at the pace at which it takes it, until it can join those who are
 * given what is published now. Goes in short turns, with a consumer that it has for its turn only, and to the end of the
 * queue after each. A reader that takes nothing is not in the queue at all until it does, and is dropped when that takes
 * too long. So nobody who reads slowly, or has much to read, keeps others from it.
 */
final class CatchUp implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ROOM_WAIT = Duration.ofMillis(100);
    private static final Duration TURN = Duration.ofSeconds(2);
    /** A reader takes what is on its way to it within this time, or is dropped. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** So near to the end, the reader joins the others: what is published in the meantime is kept for it. */
    private static final int NEAR = 1_000;

    private final LiveStreams streams;
    private final LiveStream stream;
    private final Function<Positions, PastRecords> past;
    private final ScheduledExecutorService queue;
    private final Runnable over;

    // One turn comes after the other, so these need no guard.
    private Positions reached;
    private @Nullable Positions joined;

    /**
     * For one reader.
     *
     * @param from where it goes on
     * @param past reads from some positions on
     * @param queue where its turns wait
     * @param over to be run once, when there are no more of them
     */
    CatchUp(
            LiveStreams streams,
            LiveStream stream,
            Positions from,
            Function<Positions, PastRecords> past,
            ScheduledExecutorService queue,
            Runnable over) {
        this.streams = streams;
        this.stream = stream;
        this.reached = from;
        this.past = past;
        this.queue = queue;
        this.over = over;
    }

    /** A turn. */
    @Override
    public void run() {
        try {
            if (stream.isOver() || catchesUp()) {
                over.run();
            } else if (stream.hasRoomWithin(Duration.ZERO)) {
                queue.execute(this);
            } else {
                awaitRoom();
            }
        } catch (RuntimeException e) {
            // Kafka does not answer, or the gateway stops. The reader comes back with the last id that it has.
            LOG.warn("A reader of a stream cannot be given what it has missed: {}", e.toString());
            stream.close();
            over.run();
        }
    }

    /** True when it has caught up, false when its turn is over or the reader has no room for more. */
    private boolean catchesUp() {
        try (PastRecords records = past.apply(reached)) {
            // To find the place can take long, so the turn begins with the reading.
            long endNanos = System.nanoTime() + TURN.toNanos();
            for (Gap gap : records.gaps()) {
                stream.sendFirst(StreamEvents.gap(gap, records.positions()));
            }
            do {
                if (!stream.hasRoomWithin(ROOM_WAIT)) {
                    return false;
                }
                Positions read = records.positions();
                reached = joined == null ? read : read.atMost(joined);
                join();
                if (joined != null && reached.behind(joined) == 0) {
                    if (stream.release(StreamEvents.reached(reached))) {
                        return true;
                    }
                    // It could not be kept, so it is read as well, from the place up to which everything was sent.
                    streams.partFrom(stream);
                    joined = null;
                    return false;
                }
                pass(records);
            } while (System.nanoTime() < endNanos);
            return false;
        }
    }

    /** Joins the others when it is near enough. */
    private void join() {
        if (joined == null
                && reached.behind(
                                streams.positions(stream.selection().eventId()).orElse(reached))
                        <= NEAR) {
            joined = streams.join(stream, reached, POLL).orElse(null);
        }
    }

    /** Sends what comes next, as far as it is before the place where the stream has joined the others. */
    private void pass(PastRecords records) {
        Positions end = joined;
        Buffer piece = Buffer.buffer();
        for (Published record : records.next(POLL)) {
            if (end != null && !end.arePast(record)) {
                // It is held, and follows. The ids of what is sent before it must not be past it.
                continue;
            }
            reached.pass(record);
            if (stream.selection().has(record)) {
                StreamEvents.append(piece, reached, record);
            }
            if (piece.length() >= LiveStreams.PIECE_BYTES) {
                stream.sendFirst(piece);
                piece = Buffer.buffer();
            }
        }
        if (piece.length() > 0) {
            stream.sendFirst(piece);
        }
    }

    /** The next turn comes when the reader has room, or has gone. */
    private void awaitRoom() {
        AtomicBoolean decided = new AtomicBoolean();
        Future<?> deadline = queue.schedule(
                () -> {
                    if (decided.compareAndSet(false, true)) {
                        streams.drop(stream);
                        over.run();
                    }
                },
                PATIENCE.toMillis(),
                TimeUnit.MILLISECONDS);
        stream.whenRoom(() -> {
            if (decided.compareAndSet(false, true)) {
                deadline.cancel(false);
                try {
                    queue.execute(this);
                } catch (RejectedExecutionException e) {
                    LOG.debug("No more turns: the gateway stops", e);
                }
            }
        });
    }
}
