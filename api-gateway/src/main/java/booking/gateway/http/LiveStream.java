package booking.gateway.http;

import booking.gateway.follow.Published;
import booking.gateway.follow.Published.Kind;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One reader of a stream. What it has not taken yet is bounded: whoever falls behind what is published is dropped, and
 * what was published before comes as it is taken.
 */
final class LiveStream {
    /**
     * What a reader gets.
     *
     * @param eventId the event whose records it gets, or nothing when it gets those of all
     * @param results whether it gets results, which say who booked, or states only
     */
    record Selection(Optional<String> eventId, boolean results) {
        boolean has(Published record) {
            return (results || record.kind() == Kind.AVAILABILITY)
                    && (eventId.isEmpty() || eventId.get().equals(record.eventId()));
        }
    }

    // More than one poll of the tail brings, so that nobody is dropped for a burst alone. Streams queue the same
    // pieces, and each hands one at a time to its connection, so a hundred slow readers do not need a hundred times as
    // much.
    private static final long MOST_PENDING_BYTES = 8 << 20;
    /** What a reader who catches up may be behind with before more is read for it. */
    private static final long ROOM_BYTES = LiveStreams.PIECE_BYTES;
    /** So much is kept for a reader who catches up. What is more it reads from the topics, as what came before it. */
    private static final long MOST_HELD_BYTES = 1 << 20;

    private final Context context;
    private final HttpServerRequest request;
    private final ConnectionWatch watch;
    private final Selection selection;

    // Guarded by this object.
    private final Queue<Buffer> pending = new ArrayDeque<>();
    /** What is published while the reader is still given what was published before. */
    private final Queue<Buffer> held = new ArrayDeque<>();

    /** Of what is pending and what is being written. */
    private long pendingBytes;

    private long heldBytes;
    private boolean holding = true;
    /** More was published than is held, and all of it has been let go. */
    private boolean heldTooMuch;

    private boolean writing;
    private boolean over;
    /** Waits until there is room. */
    private @Nullable Runnable waiting;

    /** The answer to this call. */
    LiveStream(RoutingContext call, Selection selection) {
        this.context = call.vertx().getOrCreateContext();
        this.request = call.request();
        this.watch = ConnectionWatch.of(call);
        this.selection = selection;
    }

    /** What it gets. */
    Selection selection() {
        return selection;
    }

    /**
     * Sends what is published now: at once, or when the reader has been given all that was published before.
     *
     * @return false when the reader is too far behind, and gets no more
     */
    synchronized boolean send(Buffer piece) {
        if (holding) {
            hold(piece);
            return true;
        }
        return add(piece);
    }

    /** Sends what belongs before that which is held. */
    synchronized void sendFirst(Buffer piece) {
        var unused = add(piece);
    }

    private void hold(Buffer piece) {
        heldTooMuch |= heldBytes + piece.length() > MOST_HELD_BYTES;
        if (heldTooMuch) {
            letGoOfHeld();
        } else if (!over) {
            heldBytes += piece.length();
            held.add(piece);
        }
    }

    private void letGoOfHeld() {
        held.clear();
        heldBytes = 0;
    }

    /**
     * What was published before has been sent: what is held follows, and what comes is held no longer.
     *
     * @param reached says so to the reader
     * @return false when too much was published to be held: it goes on holding, and {@link #holdAnew()} is what helps
     */
    synchronized boolean release(Buffer reached) {
        if (heldTooMuch) {
            return false;
        }
        sendFirst(reached);
        holding = false;
        pending.addAll(held);
        pendingBytes += heldBytes;
        letGoOfHeld();
        context.runOnContext(now -> writeNext());
        return true;
    }

    /** Holds what is published from now on, and nothing of what was before. */
    synchronized void holdAnew() {
        letGoOfHeld();
        heldTooMuch = false;
    }

    private boolean add(Buffer piece) {
        if (over) {
            return true;
        }
        if (pendingBytes + piece.length() > MOST_PENDING_BYTES) {
            // Its place is for one who reads.
            cut();
            return false;
        }
        pendingBytes += piece.length();
        pending.add(piece);
        context.runOnContext(now -> writeNext());
        return true;
    }

    /** Waits a moment for the reader to take most of what it was sent; false when it has not, or has gone. */
    synchronized boolean hasRoomWithin(Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        try {
            while (!over && pendingBytes > ROOM_BYTES) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !over;
    }

    /** Runs this, once, when the reader has taken most of what it was sent, or has gone; at once when that is so. */
    void whenRoom(Runnable next) {
        synchronized (this) {
            if (!over && pendingBytes > ROOM_BYTES) {
                waiting = next;
                return;
            }
        }
        next.run();
    }

    /** Whoever waits for room, when there is some. */
    private synchronized Runnable waitingForRoom() {
        Runnable next = waiting;
        if (next == null || (!over && pendingBytes > ROOM_BYTES)) {
            return () -> {};
        }
        waiting = null;
        return next;
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Nothing is sent any more. */
    void end() {
        synchronized (this) {
            over = true;
            pending.clear();
            letGoOfHeld();
            notifyAll();
        }
        waitingForRoom().run();
    }

    /** Ends it when its reader has taken what has been handed to the connection, for which it has the usual time. */
    void close() {
        end();
        context.runOnContext(now -> {
            watch.expect(request.connection());
            var unused = request.connection().close();
        });
    }

    /** Ends it now. */
    void cut() {
        end();
        Connections.cut(request.connection());
    }

    private void writeNext() {
        Buffer piece;
        synchronized (this) {
            if (writing || over || Answers.isOver(request.response())) {
                return;
            }
            piece = pending.poll();
            if (piece == null) {
                return;
            }
            writing = true;
        }
        HttpServerResponse response = request.response();
        response.write(piece).onSuccess(written -> {
            synchronized (this) {
                pendingBytes -= piece.length();
                writing = false;
                notifyAll();
            }
            waitingForRoom().run();
            writeNext();
        });
    }
}
