package booking.gateway.http;

import io.netty.handler.codec.DateFormatter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Writes answers. An answer to somebody who has left is dropped. */
final class Answers {
    static final String COMMAND_ID = "Command-Id";
    static final String JSON = "application/json";
    static final String NOT_KEPT = "no-store";
    /** In which the answer can be taken. */
    private static final long SHUTDOWN_SECONDS = 5;

    private static final long LONGER_THAN_A_BODY_MINUTES = 10;

    private Answers() {}

    /** Lets an answer say when it was given (RFC 9110, section 6.6.1). */
    static void willBeDated(HttpServerResponse response) {
        response.headersEndHandler(last -> date(response));
    }

    private static void date(HttpServerResponse response) {
        response.putHeader(HttpHeaders.DATE, DateFormatter.format(Date.from(Instant.now())));
    }

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

    /** Answers with a problem after which nothing that comes on its connection is looked at. */
    static void lastProblem(HttpServerRequest request, Problem problem) {
        problem(request.response(), problem.withHeader(HttpHeaders.CONNECTION.toString(), "close"));
        // Vert.x would go on with requests that have been read already if it was just told to close it.
        var unused = request.connection().shutdown(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * The same while more of the request is still coming. That is read first, for as long as any body may take: its client, still
     * sending, would miss the answer.
     */
    static void lastProblemOnceAllIsRead(HttpServerRequest request, Problem problem) {
        // First, as a connection without an answer to be given is closed at once.
        var unused = request.connection().shutdown(LONGER_THAN_A_BODY_MINUTES, TimeUnit.MINUTES);
        problem(request.response(), problem.withHeader(HttpHeaders.CONNECTION.toString(), "close"));
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
                .putHeader(HttpHeaders.CACHE_CONTROL, NOT_KEPT)
                // Vert.x leaves it out where the body is not asked for (HEAD).
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length))
                .end(Buffer.buffer(body));
    }

    /**
     * Begins an answer that goes on, in pieces: proxies that gather answers before they pass them on are asked not to. HTTP/1.0
     * has no chunks; the end of the connection is the end of the answer then, and it is for the caller to close it.
     */
    static HttpServerResponse begin(HttpServerRequest request, String contentType) {
        HttpServerResponse response = request.response();
        if (request.version() == HttpVersion.HTTP_1_0) {
            // Last, as Vert.x promises to keep the connection for whoever asks for that.
            response.headersEndHandler(last -> date(response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)));
        }
        return response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
                .putHeader(HttpHeaders.CACHE_CONTROL, NOT_KEPT)
                .putHeader("X-Accel-Buffering", "no");
    }

    /** Sends the head of an answer that goes on before there is anything of its body. */
    static void sendHead(HttpServerRequest request) {
        // What Vert.x has for this tells HTTP/1.0 of chunks.
        var unused = request.version() == HttpVersion.HTTP_1_0
                ? request.response().write(Buffer.buffer())
                : request.response().writeHead();
    }

    /** Whether there is nobody any more to be answered. Whoever waits for the end of such an answer waits for ever. */
    static boolean isOver(HttpServerResponse response) {
        return response.ended() || response.closed();
    }
}
