package booking.gateway.http;

import booking.telemetry.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.metrics.MetricsOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.spi.VertxMetricsFactory;
import io.vertx.core.spi.metrics.HttpServerMetrics;
import io.vertx.core.spi.metrics.VertxMetrics;
import io.vertx.core.spi.observability.HttpRequest;
import io.vertx.core.spi.observability.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Times requests by method, route and status. Whatever a client sends, there are no more of each than the gateway knows:
 * a path is told as the route's template, and what is none of ours in one word.
 */
final class HttpMeters implements VertxMetricsFactory {
    private static final String NO_ROUTE = "none";
    private static final String OTHER_METHOD = "other";
    private static final String CLIENT_GONE = "gone";
    private static final String STREAM = "text/event-stream";

    private final MeterRegistry registry;
    private final Map<String, String> templates;
    private final Set<HttpMethod> methods;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

    HttpMeters(MeterRegistry registry, List<Endpoint> endpoints) {
        this.registry = registry;
        this.templates = endpoints.stream().collect(Collectors.toMap(Endpoint::route, Endpoint::path, (a, b) -> a));
        this.methods = endpoints.stream()
                .flatMap(endpoint -> endpoint.methods().stream())
                .collect(Collectors.toSet());
    }

    /** What Vert.x wants to be told before it asks for meters at all. */
    static MetricsOptions enabled() {
        return new MetricsOptions().setEnabled(true);
    }

    @Override
    public VertxMetrics metrics(VertxOptions options) {
        return new VertxMetrics() {
            @Override
            public HttpServerMetrics<?, ?> createHttpServerMetrics(
                    HttpServerConfig config, SocketAddress tcp, SocketAddress udp) {
                return new Requests();
            }
        };
    }

    /** One of a bounded number of kinds of answered requests. */
    private record Kind(String method, String route, String status) {}

    /** A request that is not answered yet. Seen by its event loop only. */
    private static final class Running {
        private final long begunNanos = System.nanoTime();
        private final String method;
        private String route = NO_ROUTE;

        private Running(String method) {
            this.method = method;
        }
    }

    private final class Requests implements HttpServerMetrics<Running, @Nullable Void> {
        @Override
        public Running requestBegin(SocketAddress client, HttpRequest request) {
            return new Running(
                    methods.contains(request.method()) ? request.method().name() : OTHER_METHOD);
        }

        @Override
        public void requestRouted(Running request, String route) {
            request.route = templates.getOrDefault(route, request.route);
        }

        @Override
        public void responseEnd(Running request, HttpResponse response, long bytes) {
            String type = response.headers().get(HttpHeaders.CONTENT_TYPE);
            // A stream lasts as long as its reader likes.
            if (type == null || !type.startsWith(STREAM)) {
                record(request, Integer.toString(response.statusCode()));
            }
        }

        @Override
        public void requestReset(Running request) {
            record(request, CLIENT_GONE);
        }

        private void record(Running request, String status) {
            timers.computeIfAbsent(new Kind(request.method, request.route, status), this::timer)
                    .record(System.nanoTime() - request.begunNanos, TimeUnit.NANOSECONDS);
        }

        private Timer timer(Kind kind) {
            return Timer.builder("booking.http.requests")
                    .description("From the head of a request to the end of its answer")
                    .tag("method", kind.method())
                    .tag("route", kind.route())
                    .tag("status", kind.status())
                    .serviceLevelObjectives(Meters.latencyBuckets())
                    .register(registry);
        }
    }
}
