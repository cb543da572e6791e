package booking.gateway.http;

import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Which request goes where, what is refused before it gets there, and how every failure is told. */
final class Routes {
    static final int LARGEST_BODY_BYTES = 16 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
    private static final String ALLOW = "Allow";
    /** What Vert.x's body handler fails with when the body is no body, such as a chunk without a length. */
    private static final int BODY_BROKE = 200;

    private static final Pattern UTF_8 = Pattern.compile("(?i)(\"?)utf-8\\1\\s*");

    private Routes() {}

    static Router router(Vertx vertx, List<Endpoint> endpoints, Gate gate, RateLimit limit, ConnectionWatch watch) {
        Router router = Router.router(vertx);
        router.route().failureHandler(Routes::answerFailure);
        router.route().handler(watch::handOver);
        BodyHandler body = BodyHandler.create(false).setBodyLimit(LARGEST_BODY_BYTES);
        Map<String, TreeSet<String>> methods = new TreeMap<>();
        for (Endpoint endpoint : endpoints) {
            endpoint.callOn(router).handler(call -> {
                RequestSpans.routed(call.request().method(), endpoint);
                gate.pass(call, endpoint.needs());
            });
            if (endpoint.isCounted()) {
                endpoint.callOn(router).handler(limit::count);
            }
            // Routes of their own: a body handler has to be the first of its route.
            switch (endpoint.body()) {
                case JSON -> {
                    endpoint.callOn(router).handler(Routes::requireJson);
                    endpoint.callOn(router).handler(body);
                }
                case LINES -> endpoint.callOn(router).handler(Routes::requireLines);
                case NONE -> {}
            }
            endpoint.callOn(router).handler(endpoint.handler());
            TreeSet<String> taken = methods.computeIfAbsent(endpoint.path(), path -> new TreeSet<>());
            endpoint.methods().forEach(method -> taken.add(method.name()));
        }
        // Once for each path, after all its methods.
        for (Endpoint endpoint : endpoints) {
            TreeSet<String> allowed = methods.remove(endpoint.path());
            if (allowed != null) {
                endpoint.on(router).handler(call -> {
                    throw new RequestRefused(
                            Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "this path takes " + String.join(", ", allowed))
                                    .withHeader(ALLOW, String.join(", ", allowed)));
                });
            }
        }
        router.route().last().handler(call -> {
            throw new RequestRefused(ProblemCode.PATH_NOT_FOUND, "see /openapi.yaml for the paths that there are");
        });
        return router;
    }

    /** Answers what is no HTTP, or too much of it. */
    static void answerInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Problem problem;
        if (cause instanceof TooLongHttpLineException) {
            problem = Problem.of(ProblemCode.URI_TOO_LONG, "the request was not read further");
        } else if (cause instanceof TooLongHttpHeaderException) {
            problem = Problem.of(
                    ProblemCode.HEADERS_TOO_LARGE,
                    "the head of a request may have " + HttpServerOptions.DEFAULT_MAX_HEADER_SIZE + " bytes and "
                            + RequestDecoder.MOST_FIELDS + " header fields; it was not read further");
        } else {
            problem = Problem.of(ProblemCode.MALFORMED_REQUEST, "the request was not read further");
        }
        Answers.lastProblem(request, problem);
    }

    private static void requireJson(RoutingContext call) {
        require(call, Answers.JSON, "send the header Content-Type: " + Answers.JSON + ", and JSON in UTF-8");
    }

    private static void requireLines(RoutingContext call) {
        String wanted = "send the header Content-Type: " + Batch.CONTENT_TYPE + ", and lines of JSON in UTF-8";
        if (call.request().headers().contains(HttpHeaders.CONTENT_ENCODING)) {
            throw notOfType(wanted + ", without a Content-Encoding", Batch.CONTENT_TYPE);
        }
        require(call, Batch.CONTENT_TYPE, wanted);
    }

    private static void require(RoutingContext call, String type, String wanted) {
        // Vert.x's own reading of headers fails on a quote without an end.
        String said = Objects.requireNonNullElse(call.request().getHeader(HttpHeaders.CONTENT_TYPE), "");
        CharSequence mediaType = HttpUtil.getMimeType(said);
        CharSequence charset = HttpUtil.getCharsetAsSequence(said);
        boolean right = mediaType != null
                && type.equalsIgnoreCase(mediaType.toString().strip())
                && (charset == null || UTF_8.matcher(charset).matches());
        if (!right) {
            throw notOfType(wanted, type);
        }
        call.next();
    }

    private static RequestRefused notOfType(String wanted, String accepted) {
        return new RequestRefused(Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, wanted)
                .withHeader(HttpHeaders.ACCEPT.toString(), accepted));
    }

    private static void answerFailure(RoutingContext call) {
        Throwable failure = call.failure();
        Problem problem;
        if (failure instanceof RequestRefused refused) {
            problem = refused.problem();
        } else if (call.statusCode() == 413) {
            Answers.lastProblemOnceAllIsRead(
                    call.request(),
                    Problem.of(
                            ProblemCode.BODY_TOO_LARGE, "the body may have " + LARGEST_BODY_BYTES + " bytes at most"));
            return;
        } else if (call.statusCode() == 417) {
            problem = Problem.of(ProblemCode.EXPECTATION_FAILED, "the only expectation known is 100-continue");
        } else if (call.statusCode() == 400 || call.statusCode() == BODY_BROKE) {
            problem = Problem.of(ProblemCode.MALFORMED_REQUEST, "the path, the query or the body cannot be decoded");
        } else {
            LoggingEventBuilder line = LOG.atError()
                    .setMessage("Cannot answer {} {}")
                    .addArgument(call.request().method())
                    .addArgument(call.currentRoute())
                    .setCause(failure);
            RequestSpans.trace(call.request()).addTo(line);
            line.log();
            problem = Problem.of(ProblemCode.INTERNAL_ERROR, "it has been logged");
        }
        Answers.problem(call.response(), problem);
    }
}
