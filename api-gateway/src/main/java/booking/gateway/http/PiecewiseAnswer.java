package booking.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * A large answer, handed to its connection piece by piece, each when the one before has been taken. So what waits for its reader
 * beside the heap is one piece, and a reader who takes none in the usual time is cut off.
 */
final class PiecewiseAnswer {
    static final int PIECE_BYTES = 32 * 1024;

    private final HttpServerResponse response;
    private final ConnectionWatch watch;
    private final RoutingContext call;
    private final Buffer content;
    private final Runnable taken;
    private final Runnable over;

    private PiecewiseAnswer(RoutingContext call, Buffer content, Runnable taken, Runnable over) {
        this.call = call;
        this.response = call.response();
        this.watch = ConnectionWatch.of(call);
        this.content = content;
        this.taken = taken;
        this.over = over;
    }

    /**
     * Answers a call, whose status and other headers have been set, with this. A small answer is given at once. To be called on the
     * call's event loop.
     *
     * @param taken is run whenever a piece has been taken
     * @param over is run when all has been taken or the client has gone, perhaps more than once
     */
    static void give(RoutingContext call, Buffer content, Runnable taken, Runnable over) {
        HttpServerResponse response = call.response();
        // Vert.x leaves it out where the content is not asked for (HEAD).
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(content.length()));
        if (content.length() <= PIECE_BYTES || call.request().method().equals(HttpMethod.HEAD)) {
            response.end(content).onComplete(given -> over.run());
            return;
        }
        response.closeHandler(gone -> over.run());
        new PiecewiseAnswer(call, content, taken, over).giveFrom(0);
    }

    private void giveFrom(int start) {
        if (Answers.isOver(response)) {
            over.run();
            return;
        }
        int end = Math.min(start + PIECE_BYTES, content.length());
        Buffer piece = content.slice(start, end);
        if (end == content.length()) {
            response.end(piece).onComplete(given -> over.run());
            return;
        }
        // It is the client's turn, to read.
        watch.expect(call.request().connection());
        response.write(piece)
                .onSuccess(written -> {
                    taken.run();
                    giveFrom(end);
                })
                .onFailure(gone -> over.run());
    }
}
