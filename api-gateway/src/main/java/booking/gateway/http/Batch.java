package booking.gateway.http;

import static java.util.Objects.requireNonNull;

import booking.gateway.access.Caller;
import booking.gateway.http.CommandDesk.Place;
import booking.gateway.http.Lines.Line;
import booking.gateway.send.TraceContext;
import booking.schemas.command.Command;
import booking.schemas.command.Confirm;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call with many commands, a line each. Lines are taken one after the other, so that commands for one event are
 * written in the order of their lines, and answered in that order. Of what was taken and is not answered yet there is
 * never more than {@link #WINDOW}: when the engine is slow, or the client does not read its answers, no more is read of the
 * body until that changes. Confined to the event loop of its connection.
 */
final class Batch {
    static final String CONTENT_TYPE = "application/x-ndjson";
    /** How many lines may be taken and not answered; a client that reads only when it has sent all may send so many. */
    static final int WINDOW = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Batch.class);
    /** Then the others on this event loop get their turn. */
    private static final int LINES_IN_A_TURN = 32;

    private static final int PIECE_BYTES = 32 * 1024;
    /** Between two looks for a place in the waiting room. */
    private static final long PLACE_PAUSE_MILLIS = 10;
    /** As long as anybody may keep a place. */
    private static final Duration PLACE_PATIENCE = Duration.ofSeconds(30);

    private static final int PLACE_RETRY_SECONDS = 5;
    /** A caller that may go on so soon is made to wait; for longer than that a line is refused. */
    private static final Duration LONGEST_SLOWING_DOWN = Duration.ofSeconds(5);
    /** In that time a client must read the next piece of its answers. */
    private static final Duration READING_PATIENCE = Duration.ofSeconds(40);

    /**
     * What is said of all lines.
     *
     * @param key of the batch, if it has one
     * @param preference how long to wait for the result of each line
     */
    record Request(Optional<String> key, Preference preference) {}

    /** What the client has been given a time for. */
    private enum Awaited {
        NOTHING,
        /** To send its next line. */
        LINE,
        /** To read answers. */
        READING
    }

    /** A line that has been taken; answered in its turn. */
    private static final class Entry {
        private final long line;
        private @Nullable UUID commandId;
        private @Nullable CommandExchange exchange;
        private @Nullable BatchAnswer answer;

        private Entry(long line) {
            this.line = line;
        }
    }

    private final Batches batches;
    private final RoutingContext call;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Vertx vertx;
    private final Context context;
    private final Request about;
    private final Runnable share;
    private final TraceContext trace;
    private final Lines lines = new Lines(Routes.LARGEST_BODY_BYTES);
    private final Deque<Entry> unanswered = new ArrayDeque<>();

    private Caller caller;
    private long callerKnownNanos = System.nanoTime();
    /** The line in hand goes on later. */
    private boolean busy;
    /** The next turn is coming. */
    private boolean scheduled;
    /** A piece of the body has been asked for. */
    private boolean reading;
    /** Pieces of the answer that the client has not taken yet. */
    private int untaken;

    private Awaited awaited = Awaited.NOTHING;
    private boolean bodyEnded;
    /** There are no further lines. */
    private boolean exhausted;

    private boolean stopping;
    private boolean over;
    /** Why no further line is taken of this caller. */
    private @Nullable Problem lockedOut;

    Batch(Batches batches, RoutingContext call, Request about, Runnable share) {
        this.batches = batches;
        this.call = call;
        this.request = call.request();
        this.response = call.response();
        this.vertx = call.vertx();
        this.context = requireNonNull(vertx.getOrCreateContext());
        this.about = about;
        this.share = share;
        this.caller = Gate.caller(call);
        this.trace = RequestSpans.trace(request);
    }

    /** Begins to answer. To be called on the event loop of the call. */
    void begin() {
        request.pause();
        request.handler(this::read).exceptionHandler(broken -> leave()).endHandler(all -> {
            reading = false;
            bodyEnded = true;
            proceed();
        });
        Answers.begin(request, CONTENT_TYPE);
        about.preference().applied().ifPresent(applied -> response.putHeader("Preference-Applied", applied));
        response.closeHandler(gone -> leave())
                .exceptionHandler(broken -> leave())
                .drainHandler(free -> proceedLater());
        // Who speaks HTTP/1.0 does not know that answer (RFC 9110, section 10.1.1).
        if (request.headers().contains(HttpHeaders.EXPECT) && request.version() != HttpVersion.HTTP_1_0) {
            var unused = response.writeContinue();
        }
        Answers.sendHead(request);
        // No longer for the whole body.
        await(Awaited.NOTHING);
        proceed();
    }

    /** No further lines are taken. May be called by any thread. */
    void stop() {
        context.runOnContext(now -> {
            stopping = true;
            // What is hurried may be answered at once, and what is answered leaves the line.
            List.copyOf(unanswered).forEach(entry -> {
                if (entry.exchange != null) {
                    entry.exchange.hurry();
                }
            });
            flush();
        });
    }

    private void read(Buffer piece) {
        reading = false;
        if (!over) {
            lines.add(piece.getBytes());
            proceed();
        }
    }

    /** Takes as many lines as it may now, and sees to it that it goes on when it may take more. */
    private void proceed() {
        int taken = 0;
        while (!over && !stopping && !busy && unanswered.size() < WINDOW) {
            if (taken == LINES_IN_A_TURN) {
                proceedLater();
                return;
            }
            Optional<Line> line = nextLine();
            if (line.isEmpty()) {
                break;
            }
            taken++;
            if (awaited == Awaited.LINE) {
                await(Awaited.NOTHING);
            }
            take(line.get());
        }
        flush();
        awaitClient();
    }

    private void proceedLater() {
        if (!scheduled) {
            scheduled = true;
            context.runOnContext(now -> {
                scheduled = false;
                proceed();
            });
        }
    }

    private Optional<Line> nextLine() {
        Optional<Line> line = lines.next();
        if (line.isPresent()) {
            return line;
        }
        if (bodyEnded) {
            Optional<Line> last = lines.last();
            exhausted = last.isEmpty();
            return last;
        }
        if (!reading) {
            reading = true;
            request.fetch(1);
        }
        return Optional.empty();
    }

    /** Whether the client keeps us waiting, or we the client. Bytes that trickle do not count, here as elsewhere. */
    private void awaitClient() {
        if (over) {
            return;
        }
        Awaited now = Awaited.NOTHING;
        if (response.writeQueueFull() || (isAllSaid() && untaken > 0)) {
            now = Awaited.READING;
        } else if (reading && unanswered.isEmpty()) {
            now = Awaited.LINE;
        }
        if (now != awaited) {
            await(now);
        }
    }

    private void await(Awaited next) {
        awaited = next;
        ConnectionWatch watch = ConnectionWatch.of(call);
        switch (next) {
            case NOTHING -> watch.expectNothing(request.connection());
            case LINE -> watch.expect(request.connection());
            case READING -> watch.expectWithin(request.connection(), READING_PATIENCE);
        }
    }

    private void take(Line line) {
        Entry entry = new Entry(line.number());
        unanswered.add(entry);
        busy = true;
        step(entry, () -> count(entry, line));
    }

    /** Does this; a refusal is the line's answer. */
    private void step(Entry entry, Runnable work) {
        if (over) {
            return;
        }
        try {
            work.run();
        } catch (RequestRefused e) {
            refuse(entry, e.problem());
        } catch (RuntimeException e) {
            LOG.error("Cannot take line {} of a batch", entry.line, e);
            refuse(entry, Problem.of(ProblemCode.INTERNAL_ERROR, "it has been logged"));
        }
    }

    private void refuse(Entry entry, Problem problem) {
        UUID commandId = entry.commandId;
        answer(
                entry,
                BatchAnswer.refused(
                        entry.line,
                        commandId != null && problem.commandId().isEmpty() ? problem.about(commandId) : problem));
        goOn();
    }

    /** The line in hand is done with, as far as the next one is concerned. */
    private void goOn() {
        busy = false;
        proceedLater();
    }

    private void count(Entry entry, Line line) {
        Duration wait = batches.limit().take(call);
        if (wait.isZero()) {
            recogniseCaller(entry, line);
        } else if (wait.compareTo(LONGEST_SLOWING_DOWN) <= 0) {
            later(wait.toMillis() + 1, entry, () -> count(entry, line));
        } else {
            throw batches.limit().refusal(wait);
        }
    }

    private void recogniseCaller(Entry entry, Line line) {
        if (lockedOut != null) {
            throw new RequestRefused(lockedOut);
        }
        if (System.nanoTime() - callerKnownNanos < Gate.CALLER_KNOWN_FOR.toNanos()) {
            check(entry, line);
            return;
        }
        ReadEndpoints.whenDone(
                batches.gate().again(call),
                context,
                (recognised, failure) -> step(entry, () -> {
                    if (failure != null) {
                        Throwable refusal = batches.gate().refusal(call, failure);
                        if (refusal instanceof RequestRefused refused
                                && refused.problem().code() == ProblemCode.NOT_AUTHENTICATED) {
                            lockedOut = refused.problem();
                        }
                        throw unchecked(refusal);
                    }
                    caller = requireNonNull(recognised);
                    callerKnownNanos = System.nanoTime();
                    check(entry, line);
                }));
    }

    private void check(Entry entry, Line line) {
        byte[] text = line.text()
                .orElseThrow(() -> new RequestRefused(
                        ProblemCode.BODY_TOO_LARGE, "a line may have " + Routes.LARGEST_BODY_BYTES + " bytes at most"));
        Command command = batches.rules().command(caller, about.key(), entry.line, text);
        entry.commandId = command.commandId();
        if (!(command instanceof Confirm confirm) || caller.mayActForOthers()) {
            send(entry, command, System.nanoTime());
            return;
        }
        // The command does not say who asks, so we look. A booking never changes its owner.
        ReadEndpoints.whenDone(
                batches.reads().read(tables -> tables.booking(confirm.eventId(), confirm.bookingId())),
                context,
                (found, failure) -> step(entry, () -> {
                    if (failure != null) {
                        throw unchecked(ReadEndpoints.refusal(failure));
                    }
                    String owner = requireNonNull(found)
                            .orElseThrow(ReadEndpoints::noSuchBooking)
                            .userId();
                    Gate.requireMayActFor(caller, Optional.of(owner));
                    send(entry, command, System.nanoTime());
                }));
    }

    private void send(Entry entry, Command command, long sinceNanos) {
        if (stopping) {
            // Not taken after all; without an answer, its client knows that it was not.
            unanswered.remove(entry);
            goOn();
            return;
        }
        batches.desk().requireOpen(command);
        Optional<Place> place = place(command);
        if (place.isEmpty()) {
            if (System.nanoTime() - sinceNanos > PLACE_PATIENCE.toNanos()) {
                throw new RequestRefused(Problem.of(ProblemCode.WAITING_ROOM_FULL, "nothing was sent; try again later")
                        .retryAfterSeconds(PLACE_RETRY_SECONDS));
            }
            later(PLACE_PAUSE_MILLIS, entry, () -> send(entry, command, sinceNanos));
            return;
        }
        entry.exchange = batches.desk()
                .send(vertx, command, trace, about.preference().resultWait(), place.get(), outcome -> {
                    batches.places().release();
                    entry.exchange = null;
                    answer(entry, BatchAnswer.of(entry.line, command.commandId(), outcome));
                    flush();
                });
        goOn();
    }

    private Optional<Place> place(Command command) {
        if (!batches.places().tryAcquire()) {
            return Optional.empty();
        }
        Optional<Place> place = batches.desk().place(command, call);
        if (place.isEmpty()) {
            batches.places().release();
        }
        return place;
    }

    private static RuntimeException unchecked(Throwable failure) {
        return failure instanceof RuntimeException known ? known : new IllegalStateException(failure);
    }

    private void later(long millis, Entry entry, Runnable work) {
        vertx.setTimer(Math.max(1, millis), id -> step(entry, work));
    }

    private void answer(Entry entry, BatchAnswer answer) {
        entry.answer = answer;
        batches.count(answer.status());
    }

    /** Writes the answers whose turn it is, as fast as the client reads them, and ends when there is nothing more to say. */
    private void flush() {
        boolean written = false;
        while (!over && isAnswered(unanswered.peek()) && !response.writeQueueFull()) {
            Buffer piece = Buffer.buffer();
            while (isAnswered(unanswered.peek()) && piece.length() < PIECE_BYTES) {
                piece.appendBytes(requireNonNull(unanswered.remove().answer).json())
                        .appendByte((byte) '\n');
            }
            untaken++;
            response.write(piece).onSuccess(taken -> taken());
            written = true;
        }
        if (over) {
            return;
        }
        if (isAllSaid() && (stopping || untaken == 0)) {
            end();
        } else if (written) {
            proceedLater();
        }
    }

    private boolean isAllSaid() {
        return unanswered.isEmpty() && !busy && (stopping || exhausted);
    }

    /** The client reads: for the next piece it has the whole time again. */
    private void taken() {
        untaken--;
        if (over) {
            return;
        }
        if (awaited == Awaited.READING) {
            await(Awaited.READING);
        }
        if (isAllSaid()) {
            flush();
        }
    }

    private void end() {
        if (stopping && !exhausted) {
            // Without the end of the answer its client knows that there are lines which were not read.
            leave();
            // For what has been written; whoever does not take it would keep the server from closing.
            ConnectionWatch.of(call).expect(request.connection());
            var unused = request.connection().close();
        } else {
            leave();
            var unused = response.end().onComplete(all -> {
                if (request.version() == HttpVersion.HTTP_1_0) {
                    var unusedClose = request.connection().close();
                }
            });
        }
    }

    /** Nobody waits for anything any more. What has been sent goes its way all the same. */
    private void leave() {
        if (over) {
            return;
        }
        over = true;
        for (Entry entry : unanswered) {
            if (entry.exchange != null) {
                entry.exchange.abandon();
                batches.places().release();
            }
        }
        unanswered.clear();
        batches.left(this);
        share.run();
    }

    private static boolean isAnswered(@Nullable Entry entry) {
        return entry != null && entry.answer != null;
    }
}
