package booking.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.UUID;

/** Writes answers. An answer to somebody who has left is dropped. */
final class Answers {
    static final String COMMAND_ID = "Command-Id";
    static final String JSON = "application/json";

    private Answers() {}

    static void json(HttpServerResponse response, int status, byte[] json) {
        end(response, status, JSON, json);
    }

    static void problem(HttpServerResponse response, Problem problem) {
        if (isOver(response)) {
            return;
        }
        problem.headers().forEach(response::putHeader);
        problem.commandId().ifPresent(id -> commandId(response, id));
        end(response, problem.code().status(), Problem.CONTENT_TYPE, problem.json());
    }

    static void commandId(HttpServerResponse response, UUID commandId) {
        response.putHeader(COMMAND_ID, commandId.toString());
    }

    static void end(HttpServerResponse response, int status, String contentType, byte[] body) {
        if (isOver(response)) {
            return;
        }
        var unused = response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(Buffer.buffer(body));
    }

    /** Begins an answer that goes on, in pieces: proxies that gather answers before they pass them on are asked not to. */
    static HttpServerResponse begin(HttpServerResponse response, String contentType) {
        return response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Accel-Buffering", "no");
    }

    /** Whether there is nobody any more to be answered. Whoever waits for the end of such an answer waits for ever. */
    static boolean isOver(HttpServerResponse response) {
        return response.ended() || response.closed();
    }
}
