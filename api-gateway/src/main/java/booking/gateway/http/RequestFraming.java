package booking.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/**
 * Where a request ends. Netty refuses what is unclear of lengths and chunks, but takes a transfer coding that it does not know for
 * none, and one that stands among others for the only one. A proxy in front may find another end of such a request, and what is
 * the rest of its body to one would be a request to the other (RFC 9112, sections 6.3 and 11.2).
 */
final class RequestFraming {
    private RequestFraming() {}

    /** Hands on what ends where everybody says so, and answers the rest. */
    static Handler<HttpServerRequest> onlyClear(Handler<HttpServerRequest> next) {
        return request -> {
            List<String> codings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
            if (codings.isEmpty()
                    || (codings.size() == 1 && HttpHeaders.CHUNKED.toString().equalsIgnoreCase(codings.get(0)))) {
                next.handle(request);
            } else {
                Answers.lastProblem(
                        request,
                        Problem.of(
                                ProblemCode.MALFORMED_REQUEST,
                                "Transfer-Encoding, where it is said, must be: chunked"));
            }
        };
    }
}
