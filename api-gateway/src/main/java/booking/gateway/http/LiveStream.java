package booking.gateway.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** One reader of the live stream. What it has not taken yet is bounded: whoever falls behind is dropped. */
final class LiveStream {
    // More than one poll of the tail brings, so that nobody is dropped for a burst alone. Streams queue the same
    // pieces,
    // and each hands one at a time to its connection, so a hundred slow readers do not need a hundred times as much.
    private static final long MOST_PENDING_BYTES = 8 << 20;

    private final Context context;
    private final HttpServerRequest request;
    private final Queue<Buffer> pending = new ConcurrentLinkedQueue<>();
    private final AtomicLong pendingBytes = new AtomicLong();
    private volatile boolean dropped;
    /** Seen by the event loop only. */
    private boolean writing;

    LiveStream(Context context, HttpServerRequest request) {
        this.context = context;
        this.request = request;
    }

    /** Sends this piece; false when the reader is too far behind, and gets no more. From any thread. */
    boolean send(Buffer piece) {
        if (pendingBytes.addAndGet(piece.length()) > MOST_PENDING_BYTES) {
            // What it has not read is let go now. The connection ends when it has read the piece that is being written,
            // or else when nothing has moved on it for the server's idle time.
            dropped = true;
            pending.clear();
            close();
            return false;
        }
        pending.add(piece);
        context.runOnContext(now -> writeNext());
        return true;
    }

    void close() {
        var unused = request.connection().close();
    }

    private void writeNext() {
        HttpServerResponse response = request.response();
        if (writing || dropped || Answers.isOver(response)) {
            return;
        }
        Buffer piece = pending.poll();
        if (piece == null) {
            return;
        }
        writing = true;
        response.write(piece).onSuccess(written -> {
            pendingBytes.addAndGet(-piece.length());
            writing = false;
            writeNext();
        });
    }
}
