package booking.gateway.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server's share of one event loop. All of them listen on the same port. */
final class HttpLoop extends VerticleBase {
    /** Longer than any request waits for its result. */
    private static final int IDLE_SECONDS = 40;

    private static final long SHUTDOWN_SECONDS = 5;
    private static final int SHARED_PORT_ID = 1;

    private final HttpSettings settings;
    private final List<Endpoint> endpoints;
    private final Gate gate;
    private final RateLimit limit;
    private final Connections connections;
    private @Nullable HttpServer server;

    HttpLoop(HttpSettings settings, List<Endpoint> endpoints, Gate gate, RateLimit limit, Connections connections) {
        this.settings = settings;
        this.endpoints = endpoints;
        this.gate = gate;
        this.limit = limit;
        this.connections = connections;
    }

    @Override
    public Future<?> start() {
        ConnectionWatch watch = new ConnectionWatch(vertx, connections, settings.requestTimeout());
        Handler<HttpServerRequest> paths =
                RequestFraming.onlyClear(RequestTarget.onlyPaths(Routes.router(vertx, endpoints, gate, limit, watch)));
        HttpServer created = vertx.createHttpServer(settings.tls()
                .map(this::secured)
                .orElseGet(HttpServerOptions::new)
                .setHttp2ClearTextEnabled(false)
                // For clients that do not read their answers.
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS));
        server = created;
        return created.connectionHandler(watch::opened)
                .invalidRequestHandler(request -> {
                    Answers.willBeDated(request.response());
                    Routes.answerInvalid(request);
                })
                .requestHandler(request -> {
                    if (!watch.isClosing(request.connection())) {
                        watch.began(request);
                        Answers.willBeDated(request.response());
                        onceAnswersAreRead(request, paths);
                    }
                })
                .listen(address());
    }

    /**
     * Handles a request when its client has read most of the answers before it. Requests can be sent ahead without end; their
     * answers must not be made ahead. Who does not read is cut off, as nothing of the request is taken meanwhile.
     */
    private static void onceAnswersAreRead(HttpServerRequest request, Handler<HttpServerRequest> next) {
        HttpServerResponse response = request.response();
        if (!response.writeQueueFull()) {
            next.handle(request);
            return;
        }
        request.pause();
        response.drainHandler(read -> {
            response.drainHandler(null);
            request.resume();
            next.handle(request);
        });
    }

    private HttpServerOptions secured(HttpSettings.Tls tls) {
        return new HttpServerOptions()
                .setSsl(true)
                // One protocol for all: what is promised of slow clients was tried with this one.
                .setUseAlpn(false)
                .setSslHandshakeTimeout(settings.requestTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(tls.certificate().toString())
                        .setKeyPath(tls.key().toString()));
    }

    @Override
    public Future<?> stop() {
        return requireNonNull(server).shutdown(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }

    private SocketAddress address() {
        return settings.port() == 0
                ? SocketAddress.sharedRandomPort(SHARED_PORT_ID, settings.host())
                : SocketAddress.inetSocketAddress(settings.port(), settings.host());
    }

    int port() {
        return requireNonNull(server).actualPort();
    }
}
