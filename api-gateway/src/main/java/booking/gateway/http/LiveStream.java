package booking.gateway.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicLong;

/** One reader of the live stream. What it has not taken yet is bounded: whoever falls behind is dropped. */
final class LiveStream {
    private static final long MOST_PENDING_BYTES = 1 << 20;

    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final AtomicLong pendingBytes = new AtomicLong();

    LiveStream(Context context, HttpServerRequest request) {
        this.context = context;
        this.request = request;
        this.response = request.response();
    }

    /** Sends this; false when the reader is too far behind and has been dropped. To be called on any thread. */
    boolean send(Buffer bytes) {
        if (pendingBytes.addAndGet(bytes.length()) > MOST_PENDING_BYTES) {
            close();
            return false;
        }
        context.runOnContext(now -> {
            if (!Answers.isOver(response)) {
                response.write(bytes).onComplete(written -> pendingBytes.addAndGet(-bytes.length()));
            }
        });
        return true;
    }

    void close() {
        var unused = request.connection().close();
    }
}
