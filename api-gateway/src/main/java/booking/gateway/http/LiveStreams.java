package booking.gateway.http;

import booking.gateway.follow.PastRecords;
import booking.gateway.follow.Positions;
import booking.gateway.follow.Published;
import booking.gateway.follow.Published.Kind;
import booking.gateway.http.LiveStream.Selection;
import booking.gateway.limit.Shares;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events: results and availability as they are published, of all events or of one, to a bounded number of
 * readers. The id of each is where its reader stands on the topics after it, so that a reader who comes back, to this
 * gateway or another, is given what was published meanwhile, once.
 */
public final class LiveStreams {
    private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);
    /** What is handed to a connection in one piece: what each connection takes beside the heap. */
    static final int PIECE_BYTES = 64 * 1024;

    private static final String CONTENT_TYPE = "text/event-stream";
    private static final long HEARTBEAT_MILLIS = 15_000;
    /** So many readers at most are given at the same moment what they have missed, each by a consumer of its own. */
    private static final int CATCH_UP_THREADS = 8;
    /** Those who are given what they have missed do not share what waits for them, so there are not too many of them. */
    private static final int MOST_CATCHING_UP = 200;

    private static final int RETRY_SECONDS = 10;
    private static final int FOLLOW_RETRY_SECONDS = 2;

    private final Semaphore places;
    private final Semaphore catchingUpPlaces = new Semaphore(MOST_CATCHING_UP);
    private final Shares shares;
    private final Function<Positions, PastRecords> past;
    private final Counter dropped;
    private final Counter revoked;
    private final ScheduledThreadPoolExecutor catchingUp = new ScheduledThreadPoolExecutor(CATCH_UP_THREADS, work -> {
        Thread thread = new Thread(work, "gateway-stream-catch-up");
        thread.setDaemon(true);
        return thread;
    });
    /** All that are open, also those that catch up. */
    private final Set<LiveStream> open = ConcurrentHashMap.newKeySet();

    // Guarded by this object: where the tail stands, and who is given what it reads next, belong together.
    private @Nullable Positions live;
    private final Map<Selection, Set<LiveStream>> bySelection = new HashMap<>();

    /**
     * With room for as many readers as the settings say.
     *
     * @param past reads what was published from some positions on
     */
    public LiveStreams(HttpSettings settings, Function<Positions, PastRecords> past, MeterRegistry meters) {
        int most = settings.streams();
        this.places = new Semaphore(most);
        this.shares = new Shares(most, settings.callerShare());
        catchingUp.setRemoveOnCancelPolicy(true);
        this.past = past;
        this.dropped = Counter.builder("booking.streams.dropped")
                .description("Readers of streams that were dropped because they were too slow")
                .register(meters);
        this.revoked = Counter.builder("booking.streams.revoked")
                .description("Readers of streams that were ended as their key or token no longer let them in")
                .register(meters);
        Gauge.builder("booking.streams.open", this, room -> most - room.places.availablePermits())
                .description("Readers of streams")
                .register(meters);
        Gauge.builder("booking.streams.limit", () -> most)
                .description("How many readers of streams there may be")
                .register(meters);
    }

    /**
     * Opens a stream as the answer to this call. To be called on its event loop.
     *
     * @param selection what its reader shall get
     * @param caller the name of who calls
     * @param mayGoOn asks whether that caller is still let in
     * @throws RequestRefused when there is no room, nothing is known of the topics, or the id to go on from is none
     */
    void open(
            RoutingContext call,
            Selection selection,
            Supplier<String> caller,
            Supplier<CompletionStage<Boolean>> mayGoOn) {
        if (Answers.isOver(call.response())) {
            // It has left while we found out who calls or what is there. That it has left is not told again, and it
            // would keep its place.
            return;
        }
        Optional<String> eventId = selection.eventId();
        Positions now = positions(eventId)
                .orElseThrow(() -> new RequestRefused(
                        Problem.of(ProblemCode.KAFKA_UNAVAILABLE, "the topics cannot be followed now")
                                .retryAfterSeconds(FOLLOW_RETRY_SECONDS)));
        Optional<String> lastId = lastEventId(call);
        Optional<Positions> from = lastId.flatMap(id -> positions(id, now, eventId));
        if (call.request().method().equals(HttpMethod.HEAD)) {
            takePlace(caller, false).run();
            var unused = Answers.begin(call.request(), CONTENT_TYPE).end();
            return;
        }
        Runnable place = takePlace(caller, from.isPresent());
        LiveStream stream = new LiveStream(call, selection);
        long heartbeat = call.vertx().setPeriodic(HEARTBEAT_MILLIS, id -> stream.sendFirst(StreamEvents.HEARTBEAT));
        long asking = call.vertx().setPeriodic(Gate.CALLER_KNOWN_FOR.toMillis(), id -> askAgain(stream, mayGoOn));
        AtomicBoolean closed = new AtomicBoolean();
        Answers.begin(call.request(), CONTENT_TYPE).closeHandler(gone -> {
            if (closed.compareAndSet(false, true)) {
                call.vertx().cancelTimer(heartbeat);
                call.vertx().cancelTimer(asking);
                stream.end();
                leave(stream);
                open.remove(stream);
                place.run();
            }
        });
        open.add(stream);
        stream.sendFirst(StreamEvents.WELCOME);
        if (from.isPresent()) {
            catchingUp.execute(new CatchUp(this, stream, from.get(), past, catchingUp, catchingUpPlaces::release));
        } else {
            if (lastId.isPresent()) {
                stream.sendFirst(StreamEvents.otherTopics());
            }
            begin(stream);
        }
    }

    /** Takes a place for a reader, and one for giving it what it has missed. Gives what gives the first one back. */
    private Runnable takePlace(Supplier<String> caller, boolean catchesUp) {
        Runnable share = shares.take(caller)
                .orElseThrow(() -> RateLimit.shareIsTaken(shares.most(), "streams at once", RETRY_SECONDS));
        if (!places.tryAcquire()) {
            share.run();
            throw tooMany("try again later");
        }
        if (catchesUp && !catchingUpPlaces.tryAcquire()) {
            places.release();
            share.run();
            throw tooMany("too many others are being given what they have missed; try again later");
        }
        return () -> {
            places.release();
            share.run();
        };
    }

    private static RequestRefused tooMany(String detail) {
        return new RequestRefused(
                Problem.of(ProblemCode.TOO_MANY_STREAMS, detail).retryAfterSeconds(RETRY_SECONDS));
    }

    private void askAgain(LiveStream stream, Supplier<CompletionStage<Boolean>> mayGoOn) {
        mayGoOn.get().thenAccept(may -> {
            if (!may) {
                revoked.increment();
                LOG.info("Ended a stream whose reader is no longer let in");
                stream.cut();
            }
        });
    }

    private static Optional<String> lastEventId(RoutingContext call) {
        return Optional.ofNullable(call.request().getHeader("Last-Event-ID"))
                .or(() -> Queries.single(call, "lastEventId"))
                .filter(id -> !id.isEmpty());
    }

    /** Nothing when the id is of topics that are no more. */
    private static Optional<Positions> positions(String id, Positions now, Optional<String> eventId) {
        try {
            Optional<Positions> all = Positions.parse(now.topics(), id);
            Optional<Positions> wanted = all.map(read -> eventId.map(read::only).orElse(read));
            if (wanted.isPresent() && !wanted.get().cover(now)) {
                throw new IllegalArgumentException("it is of the stream of another event");
            }
            return wanted;
        } catch (IllegalArgumentException e) {
            throw Queries.malformed("Last-Event-ID is not the id of an event of this stream: " + e.getMessage());
        }
    }

    /** Where the tail stands, of all partitions or of those of this event; nothing before it follows the topics. */
    synchronized Optional<Positions> positions(Optional<String> eventId) {
        return Optional.ofNullable(live).map(all -> eventId.map(all::only).orElseGet(all::copy));
    }

    /**
     * The tail goes on from these positions. Where they are not those that it had come to, readers would miss something:
     * they are disconnected, and come back with their last id.
     */
    public synchronized void follow(Positions positions) {
        if (live != null && !live.equals(positions)) {
            open.forEach(LiveStream::close);
        }
        live = positions.copy();
    }

    /** Sends these records to every reader who wants them. */
    public synchronized void send(List<Published> records) {
        Positions positions = live;
        if (positions == null) {
            return;
        }
        Map<Selection, Buffer> pieces = new HashMap<>();
        for (Published record : records) {
            positions.pass(record);
            if (bySelection.isEmpty()) {
                continue;
            }
            for (Selection selection : selectionsOf(record)) {
                if (!bySelection.containsKey(selection)) {
                    continue;
                }
                Buffer piece = pieces.computeIfAbsent(selection, first -> Buffer.buffer());
                StreamEvents.append(
                        piece, selection.eventId().map(positions::only).orElse(positions), record);
                if (piece.length() >= PIECE_BYTES) {
                    send(selection, piece);
                    pieces.remove(selection);
                }
            }
        }
        pieces.forEach(this::send);
    }

    /** All before these positions has been sent. */
    public synchronized void reach(Positions positions) {
        live = positions.copy();
        notifyAll();
    }

    /** Each that this record can be in; {@link Selection#has} says the same. */
    private static List<Selection> selectionsOf(Published record) {
        Optional<String> event = Optional.of(record.eventId());
        List<Selection> withResults = List.of(new Selection(Optional.empty(), true), new Selection(event, true));
        return record.kind() == Kind.RESULT
                ? withResults
                : List.of(
                        withResults.get(0),
                        withResults.get(1),
                        new Selection(Optional.empty(), false),
                        new Selection(event, false));
    }

    private void send(Selection selection, Buffer piece) {
        for (LiveStream reader : bySelection.getOrDefault(selection, Set.of())) {
            // Who is dropped is taken off the list when the connection closes.
            if (!reader.send(piece)) {
                countDropped();
            }
        }
    }

    private void countDropped() {
        dropped.increment();
        LOG.info("Dropped a reader of a stream who was too slow");
    }

    /** Lets a reader go that does not take what it has missed. */
    void drop(LiveStream stream) {
        if (!stream.isOver()) {
            stream.cut();
            countDropped();
        }
    }

    /** Lets a stream begin with what is published from now on, and tells its reader where that is. */
    private synchronized void begin(LiveStream stream) {
        Positions beginning = positions(stream.selection().eventId())
                .orElseThrow(() -> new IllegalStateException("begun before there was anything to follow"));
        join(stream);
        // Nothing is published in between, so nothing is held.
        var unused = stream.release(StreamEvents.reached(beginning));
    }

    /**
     * From now on the stream is given what is published, if the tail has come as far as its reader has, who would be given
     * the same twice otherwise. Waits for the tail for this time at most.
     *
     * @param reached up to where its reader has been given everything
     * @return where what it is given begins; nothing when the tail has not come so far
     */
    synchronized Optional<Positions> join(LiveStream stream, Positions reached, Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            while (true) {
                Optional<Positions> positions = positions(stream.selection().eventId());
                if (positions.isPresent() && positions.get().behind(reached) == 0) {
                    join(stream);
                    return positions;
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return Optional.empty();
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private void join(LiveStream stream) {
        // Who has gone has left already.
        if (!stream.isOver()) {
            bySelection
                    .computeIfAbsent(stream.selection(), first -> new HashSet<>())
                    .add(stream);
        }
    }

    /** What is published from now on is no longer kept for this stream, nor is what was; it can join again. */
    synchronized void partFrom(LiveStream stream) {
        leave(stream);
        stream.holdAnew();
    }

    private synchronized void leave(LiveStream stream) {
        bySelection.computeIfPresent(stream.selection(), (same, readers) -> {
            readers.remove(stream);
            return readers.isEmpty() ? null : readers;
        });
    }

    /** Ends all streams. */
    public void close() {
        open.forEach(LiveStream::close);
        catchingUp.shutdownNow();
    }
}
