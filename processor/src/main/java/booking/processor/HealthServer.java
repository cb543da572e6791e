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
 * Tells over HTTP how the processor is: {@code GET /health/live} and {@code GET /health/ready}, 200 or 503 and what is
 * missing, and its meters at {@code GET /metrics}.
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

    /**
     * Listens.
     *
     * @param partitions whether the processor has its share of them
     * @param database whether the database answers
     */
    HealthServer(
            String host,
            int port,
            BooleanSupplier live,
            BooleanSupplier partitions,
            BooleanSupplier database,
            Supplier<String> metrics) {
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("health cannot be told at " + host + ":" + port + ": " + e.getMessage(), e);
        }
        server.setExecutor(workers);
        server.createContext("/health/live", exchange -> live(exchange, live.getAsBoolean()));
        server.createContext(
                "/health/ready", exchange -> ready(exchange, partitions.getAsBoolean(), database.getAsBoolean()));
        server.createContext("/metrics", exchange -> answer(exchange, 200, Meters.CONTENT_TYPE, metrics.get()));
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void live(HttpExchange exchange, boolean live) throws IOException {
        answer(exchange, live, "{\"status\":\"" + upOrDown(live) + "\"}\n");
    }

    private static void ready(HttpExchange exchange, boolean partitions, boolean database) throws IOException {
        boolean ready = partitions && database;
        answer(
                exchange,
                ready,
                "{\"status\":\"" + upOrDown(ready) + "\",\"partitions\":\"" + upOrDown(partitions)
                        + "\",\"database\":\"" + upOrDown(database) + "\"}\n");
    }

    private static String upOrDown(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private static void answer(HttpExchange exchange, boolean well, String json) throws IOException {
        answer(exchange, well ? 200 : 503, "application/json", json);
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
