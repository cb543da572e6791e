package booking.gateway.http;

import booking.gateway.limit.Shares;
import booking.gateway.read.ReadPool;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** The call that takes many commands at once, and those who make it now: a bounded number of them. */
final class Batches {
    private static final int RETRY_SECONDS = 10;

    private final Gate gate;
    private final RateLimit limit;
    private final CommandDesk desk;
    private final ReadPool reads;
    private final BatchRules rules;
    private final CommandIds ids;
    private final Semaphore batches;
    private final Shares shares;
    /** Batches together take half of the waiting room at most: the other half is for requests of one command. */
    private final Semaphore places;

    private final Map<BatchAnswer.Status, Counter> lines = new EnumMap<>(BatchAnswer.Status.class);
    private final Set<Batch> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Batches(
            HttpSettings settings,
            Gate gate,
            RateLimit limit,
            CommandDesk desk,
            ReadPool reads,
            CommandIds ids,
            MeterRegistry meters) {
        this.gate = gate;
        this.limit = limit;
        this.desk = desk;
        this.reads = reads;
        this.ids = ids;
        this.rules = new BatchRules(ids);
        int most = settings.batches();
        this.batches = new Semaphore(most);
        this.shares = new Shares(most, settings.callerShare());
        this.places = new Semaphore(Math.max(1, settings.waitingRoom() / 2));
        for (BatchAnswer.Status status : BatchAnswer.Status.values()) {
            lines.put(
                    status,
                    Counter.builder("booking.http.batch.lines")
                            .description("Lines of batches that were answered")
                            .tag("status", status.written())
                            .register(meters));
        }
        Gauge.builder("booking.http.batches.open", batches, room -> most - room.availablePermits())
                .description("Batches that are being answered")
                .register(meters);
        Gauge.builder("booking.http.batches.limit", () -> most)
                .description("How many batches there may be")
                .register(meters);
    }

    List<Endpoint> all() {
        return List.of(Endpoint.withLines(HttpMethod.POST, "/v1/bookings:batch", WriteEndpoints.BOOK, this::begin));
    }

    private void begin(RoutingContext call) {
        if (Answers.isOver(call.response())) {
            // It has left while we found out who calls. That it has left is not told again, and it would keep its
            // place.
            return;
        }
        if (call.request().headers().contains(HttpHeaders.IF_MATCH)) {
            throw new RequestRefused(
                    ProblemCode.MALFORMED_REQUEST, "If-Match has no meaning here; give a line its expectedVersion");
        }
        String expectation = call.request().getHeader(HttpHeaders.EXPECT);
        if (expectation != null && !expectation.equalsIgnoreCase("100-continue")) {
            throw new RequestRefused(ProblemCode.EXPECTATION_FAILED, "the only expectation known is 100-continue");
        }
        Batch.Request request = new Batch.Request(
                ids.key(call.request().headers().getAll("Idempotency-Key")),
                Preference.of(call.request().headers().getAll("Prefer")));
        Runnable share = shares.take(() -> limit.caller(call))
                .orElseThrow(() -> RateLimit.shareIsTaken(shares.most(), "batches at once", RETRY_SECONDS));
        if (!batches.tryAcquire()) {
            share.run();
            throw new RequestRefused(
                    Problem.of(ProblemCode.TOO_MANY_BATCHES, "try again later").retryAfterSeconds(RETRY_SECONDS));
        }
        Batch batch = new Batch(this, call, request, share);
        open.add(batch);
        batch.begin();
        if (closed) {
            batch.stop();
        }
    }

    /** It has ended, one way or another. */
    void left(Batch batch) {
        if (open.remove(batch)) {
            batches.release();
        }
    }

    /** A line has been answered. */
    void count(BatchAnswer.Status status) {
        Counter counter = lines.get(status);
        if (counter != null) {
            counter.increment();
        }
    }

    Gate gate() {
        return gate;
    }

    RateLimit limit() {
        return limit;
    }

    CommandDesk desk() {
        return desk;
    }

    ReadPool reads() {
        return reads;
    }

    BatchRules rules() {
        return rules;
    }

    Semaphore places() {
        return places;
    }

    /** Reads no more lines; those that have been sent are answered with what is known of them. */
    void close() {
        closed = true;
        open.forEach(Batch::stop);
    }
}
