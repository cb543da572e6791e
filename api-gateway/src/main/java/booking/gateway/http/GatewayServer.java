package booking.gateway.http;

import booking.gateway.access.Callers;
import booking.gateway.await.WaitingRoom;
import booking.gateway.follow.TopicTail;
import booking.gateway.limit.Shares;
import booking.gateway.read.ReadPool;
import booking.gateway.send.BacklogWatch;
import booking.gateway.send.CommandPublisher;
import booking.gateway.send.CommandsTopic;
import booking.telemetry.Meters;
import booking.telemetry.Tracing;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Serves HTTP on as many event loops as there are processors, up to a few. */
public final class GatewayServer implements AutoCloseable {
    private static final int MOST_EVENT_LOOPS = 4;
    private static final long PATIENCE_SECONDS = 15;
    /** A port that is taken is told at once; on a machine with too much to do, a start takes long and is well all the same. */
    private static final long START_PATIENCE_SECONDS = 60;
    /** Between two looks at what the meters say of readiness. */
    private static final long READINESS_PAUSE_MILLIS = 5_000;

    private final Vertx vertx;
    private final LiveStreams streams;
    private final Batches batches;
    private final int port;
    private final List<Endpoint> endpoints;
    private final Readiness readiness;

    private GatewayServer(
            Vertx vertx,
            LiveStreams streams,
            Batches batches,
            int port,
            List<Endpoint> endpoints,
            Readiness readiness) {
        this.vertx = vertx;
        this.readiness = readiness;
        this.batches = batches;
        this.endpoints = List.copyOf(endpoints);
        this.streams = streams;
        this.port = port;
    }

    /**
     * Starts to listen.
     *
     * @throws IllegalStateException when it cannot, as when the port is taken
     */
    public static GatewayServer start(
            HttpSettings settings,
            Callers callers,
            WaitingRoom room,
            CommandPublisher publisher,
            BacklogWatch backlog,
            TopicTail tail,
            CommandsTopic commands,
            ReadPool reads,
            LiveStreams streams,
            Meters meters,
            Tracing tracing) {
        Readiness readiness = new Readiness(publisher, tail, commands, reads);
        readiness.reportTo(meters.registry());
        List<Endpoint> endpoints = new ArrayList<>();
        RateLimit limit = new RateLimit(settings.rateLimit(), meters.registry());
        Gate gate = new Gate(callers, limit, settings.allowedHosts());
        CommandIds ids = new CommandIds();
        CommandDesk desk = new CommandDesk(
                publisher, backlog, tail, room, new Shares(settings.waitingRoom(), settings.callerShare()), limit);
        Batches batches = new Batches(settings, gate, limit, desk, reads, ids, meters.registry());
        UnreadAnswers answers = new UnreadAnswers(meters.registry());
        endpoints.addAll(new WriteEndpoints(desk, reads, ids).all());
        endpoints.addAll(batches.all());
        endpoints.addAll(new ReadEndpoints(reads, commands, answers).all());
        endpoints.addAll(new StreamEndpoints(streams, reads, gate, limit).all());
        endpoints.addAll(new PageEndpoints().all());
        endpoints.addAll(new ServiceEndpoints(readiness, meters, answers).all());
        endpoints.addAll(new ContractEndpoints().all());
        int loops = Math.min(Runtime.getRuntime().availableProcessors(), MOST_EVENT_LOOPS);
        Connections connections = new Connections(settings, meters.registry());
        // Made before Vert.x even when no spans are wanted, for it claims its place in the contexts of Vert.x.
        RequestSpans spans = new RequestSpans(tracing);
        // Nothing is served from files, so Vert.x needs no cache of them on disk.
        VertxBuilder builder = Vertx.builder()
                .withTransport(new Acceptance(connections))
                .with(new VertxOptions()
                        .setEventLoopPoolSize(loops)
                        .setMetricsOptions(HttpMeters.enabled())
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false)))
                .withMetrics(new HttpMeters(meters.registry(), endpoints));
        Vertx vertx = (tracing.isOn() ? builder.withTracer(spans) : builder).build();
        Queue<HttpLoop> started = new ConcurrentLinkedQueue<>();
        try {
            vertx.deployVerticle(
                            () -> {
                                HttpLoop loop = new HttpLoop(settings, endpoints, gate, limit, connections);
                                started.add(loop);
                                return loop;
                            },
                            new DeploymentOptions().setInstances(loops))
                    .await(START_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            // Waiting for a future throws what the future failed with, also when that is a checked exception.
            String reason = e instanceof TimeoutException
                    ? "not done after " + START_PATIENCE_SECONDS + " s, has this machine too much to do?"
                    : e.getMessage();
            IllegalStateException failure = new IllegalStateException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + ": " + reason, e);
            try {
                closeNow(vertx);
            } catch (IllegalStateException notClosed) {
                failure.addSuppressed(notClosed);
            }
            throw failure;
        }
        var unusedAnswer = readiness.ask();
        vertx.setPeriodic(READINESS_PAUSE_MILLIS, id -> readiness.ask());
        return new GatewayServer(vertx, streams, batches, started.element().port(), endpoints, readiness);
    }

    /** The port that it listens on. */
    public int port() {
        return port;
    }

    /** Whether Kafka and the database can be reached, as they say now or said a moment ago. */
    public boolean isReady() {
        try {
            return readiness
                    .ask()
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .isReady();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Every call that it answers, such as {@code GET /v1/events/{eventId}}. */
    public List<String> calls() {
        return endpoints.stream()
                .map(endpoint -> endpoint.method() + " " + endpoint.path())
                .toList();
    }

    /** Stops to listen, lets the requests that wait be answered for a moment, and closes all connections. */
    @Override
    public void close() {
        streams.close();
        batches.close();
        closeNow(vertx);
    }

    private static void closeNow(Vertx vertx) {
        try {
            var unused = vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the HTTP server does not stop", e);
        }
    }
}
