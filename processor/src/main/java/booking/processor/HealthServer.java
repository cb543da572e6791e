package booking.processor;

import booking.telemetry.Meters;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Tells over HTTP how the processor is: {@code GET /health/live} and {@code GET /health/ready}, 200 or 503, and its
 * meters at {@code GET /metrics}.
 */
final class HealthServer implements AutoCloseable {
    /** Readiness may wait for a database that is away, and the meters are to be told all the same. */
    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "health");
        thread.setDaemon(true);
        return thread;
    });

    HealthServer(String host, int port, BooleanSupplier live, BooleanSupplier ready, Supplier<String> metrics) {
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("health cannot be told at " + host + ":" + port + ": " + e.getMessage(), e);
        }
        server.setExecutor(workers);
        server.createContext("/health/live", exchange -> answer(exchange, live.getAsBoolean()));
        server.createContext("/health/ready", exchange -> answer(exchange, ready.getAsBoolean()));
        server.createContext("/metrics", exchange -> answer(exchange, 200, Meters.CONTENT_TYPE, metrics.get()));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, boolean well) throws IOException {
        String body = "{\"status\":\"" + (well ? "UP" : "DOWN") + "\"}\n";
        answer(exchange, well ? 200 : 503, "application/json", body);
    }

    private static void answer(HttpExchange exchange, int status, String contentType, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
