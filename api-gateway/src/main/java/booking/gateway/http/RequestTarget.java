package booking.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a request is for, in the forms of RFC 9112, section 3.2. The router knows paths only, and fails on the others. */
final class RequestTarget {
    /** A path, or a whole address as proxies send it. */
    private static final Pattern OF_THIS_SERVER = Pattern.compile("/.*|[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+.*");

    /** RFC 3986, section 2.1. */
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private static final String OF_THE_SERVER_AS_A_WHOLE = "*";
    private static final String METHODS = "DELETE, GET, HEAD, PATCH, POST";

    private RequestTarget() {}

    /** Hands on what is for a path, and answers the rest. */
    static Handler<HttpServerRequest> onlyPaths(Handler<HttpServerRequest> next) {
        return request -> refusal(request)
                .ifPresentOrElse(
                        // What follows may be meant for whoever the client takes us for.
                        problem -> Answers.lastProblem(request, problem),
                        () -> next.handle(request));
    }

    private static Optional<Problem> refusal(HttpServerRequest request) {
        int hosts = request.headers().getAll(HttpHeaders.HOST).size();
        if (hosts > 1 || (hosts == 0 && request.version() != HttpVersion.HTTP_1_0)) {
            return Optional.of(Problem.of(ProblemCode.MALFORMED_REQUEST, "Host must be there once"));
        }
        if (hosts == 1 && request.authority() == null) {
            return Optional.of(Problem.of(
                    ProblemCode.MALFORMED_REQUEST, "Host must be a name or an address, and may have a port"));
        }
        HttpMethod method = request.method();
        String target = request.uri();
        if (method.equals(HttpMethod.CONNECT)) {
            return Optional.of(notAllowed("this is no proxy, and takes " + METHODS));
        }
        if (method.equals(HttpMethod.OPTIONS) && target.equals(OF_THE_SERVER_AS_A_WHOLE)) {
            return Optional.of(
                    notAllowed("the server as a whole takes " + METHODS + ", each where /openapi.yaml says"));
        }
        if (!OF_THIS_SERVER.matcher(target).matches()) {
            return Optional.of(Problem.of(
                    ProblemCode.MALFORMED_REQUEST,
                    "what it is for must be a path, which begins with /, or a whole URL"));
        }
        // The router takes such a path for a failure of its own, and logs where.
        return BROKEN_ESCAPE.matcher(target).find()
                ? Optional.of(Problem.of(
                        ProblemCode.MALFORMED_REQUEST,
                        "each % in what it is for must be followed by two hexadecimal digits"))
                : Optional.empty();
    }

    private static Problem notAllowed(String detail) {
        return Problem.of(ProblemCode.METHOD_NOT_ALLOWED, detail).withHeader(HttpHeaders.ALLOW.toString(), METHODS);
    }
}
