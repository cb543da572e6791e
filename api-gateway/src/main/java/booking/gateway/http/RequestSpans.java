package booking.gateway.http;

import booking.gateway.send.TraceContext;
import booking.schemas.topic.HeaderNames;
import booking.telemetry.TraceParent;
import booking.telemetry.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.spi.VertxTracerFactory;
import io.vertx.core.spi.context.storage.ContextLocal;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A span of each request, which goes on with the client's trace or begins one. What a path or query names, such as a
 * user, is not among what it says: only the template of the route.
 */
final class RequestSpans implements VertxTracerFactory, VertxTracer<@Nullable Span, @Nullable Void> {
    /** The span of the request that is being handled. Before any Vert.x is made, as Vert.x wants it. */
    private static final ContextLocal<Span> CURRENT = ContextLocal.registerLocal(Span.class);

    // Names of OpenTelemetry's conventions for HTTP.
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final String PARENT = HeaderNames.TRACE_PARENT;
    private static final String STATE = HeaderNames.TRACE_STATE;
    private static final String OTHER_METHOD = "_OTHER";
    private static final int SERVER_ERROR = 500;

    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET, HttpMethod.POST, HttpMethod.PATCH, HttpMethod.DELETE, HttpMethod.PUT, HttpMethod.HEAD);

    private final Tracer tracer;

    RequestSpans(Tracing tracing) {
        this.tracer = tracing.tracer();
    }

    @Override
    public VertxTracer<?, ?> tracer(TracingOptions options) {
        return this;
    }

    @Override
    public <R> @Nullable Span receiveRequest(
            Context context,
            io.vertx.core.spi.tracing.SpanKind kind,
            TracingPolicy policy,
            R request,
            String operation,
            Iterable<Map.Entry<String, String>> headers,
            TagExtractor<R> tags) {
        if (!(request instanceof HttpRequest http) || isAboutTheGateway(http)) {
            return null;
        }
        SpanContext parent = TraceParent.of(name -> header(http.headers(), name));
        String method = METHODS.contains(http.method()) ? http.method().name() : OTHER_METHOD;
        Span span = tracer.spanBuilder(method)
                .setParent(io.opentelemetry.context.Context.root().with(Span.wrap(parent)))
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(METHOD, method)
                .startSpan();
        context.putLocal(CURRENT, span);
        return span;
    }

    @Override
    public <R> void sendResponse(
            Context context,
            @Nullable R response,
            @Nullable Span span,
            @Nullable Throwable failure,
            TagExtractor<R> tags) {
        if (span == null) {
            return;
        }
        if (failure != null) {
            span.setStatus(StatusCode.ERROR, "the client has gone");
        } else if (response instanceof HttpResponse http) {
            span.setAttribute(STATUS, (long) http.statusCode());
            if (http.statusCode() >= SERVER_ERROR) {
                span.setStatus(StatusCode.ERROR);
            }
        }
        span.end();
    }

    /** Names the span of the request at hand, if there is one, by its route. */
    static void routed(HttpMethod method, Endpoint endpoint) {
        Span span = current();
        if (span != null) {
            span.updateName(method + " " + endpoint.path());
            span.setAttribute(ROUTE, endpoint.path());
        }
    }

    /** The trace that this request belongs to: with its span when it has one, else as its headers say. */
    static TraceContext trace(HttpServerRequest request) {
        Span span = current();
        if (span == null) {
            return TraceContext.of(
                    Optional.ofNullable(header(request.headers(), PARENT)),
                    Optional.ofNullable(header(request.headers(), STATE)));
        }
        Map<String, String> headers = new HashMap<>();
        TraceParent.write(span.getSpanContext(), headers::put);
        return TraceContext.of(Optional.ofNullable(headers.get(PARENT)), Optional.ofNullable(headers.get(STATE)));
    }

    /** Of a trace: the state may come in several lines, which are one list; the parent may not (W3C Trace Context, section 3). */
    private static @Nullable String header(MultiMap headers, String name) {
        List<String> lines = headers.getAll(name);
        if (name.equals(STATE)) {
            String whole = lines.stream().filter(line -> !line.isBlank()).collect(Collectors.joining(","));
            return whole.isEmpty() ? null : whole;
        }
        return lines.size() == 1 ? lines.get(0) : null;
    }

    private static @Nullable Span current() {
        Context context = Vertx.currentContext();
        return context == null ? null : context.getLocal(CURRENT);
    }

    /** Asked for every few seconds by whoever looks after it, and no part of any trace. */
    private static boolean isAboutTheGateway(HttpRequest request) {
        String path = request.uri().toLowerCase(Locale.ROOT);
        return path.startsWith("/health/") || path.equals("/metrics");
    }
}
