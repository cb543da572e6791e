package booking.gateway.http;

import static java.util.Objects.requireNonNull;

import booking.gateway.http.CommandDesk.Place;
import booking.gateway.send.CommandPublisher;
import booking.gateway.send.NotPublishedException;
import booking.gateway.send.TraceContext;
import booking.schemas.command.Command;
import booking.schemas.result.Position;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One command on its way to its outcome. Lives on the event loop of its connection, so its steps come one after the other:
 * acknowledged or failed, decided, too late, or given up by whoever asked.
 */
final class CommandExchange {
    private static final Logger LOG = LoggerFactory.getLogger(CommandExchange.class);

    /** How long Kafka has to take a command even when the client does not want to wait: its answer says where it is. */
    private static final Duration ACKNOWLEDGEMENT_PATIENCE = Duration.ofSeconds(5);

    private static final int KAFKA_RETRY_SECONDS = 2;

    private final Vertx vertx;
    private final Context context;
    private final Command command;
    private final TraceContext trace;
    private final Duration resultWait;
    private final Place place;
    private final Consumer<Outcome> receiver;
    private @Nullable Position position;
    private boolean waitIsOver;
    private boolean done;
    private long timer;

    private CommandExchange(
            Vertx vertx,
            Context context,
            Command command,
            TraceContext trace,
            Duration resultWait,
            Place place,
            Consumer<Outcome> receiver) {
        this.vertx = vertx;
        this.context = context;
        this.command = command;
        this.trace = trace;
        this.resultWait = resultWait;
        this.place = place;
        this.receiver = receiver;
    }

    /**
     * Publishes the command. To be called on an event loop.
     *
     * @param resultWait how long to wait for its result; zero for not at all
     * @param place its place, which is given back when there is an outcome
     * @param receiver is given the outcome, later, on the same event loop
     */
    static CommandExchange begin(
            Vertx vertx,
            CommandPublisher publisher,
            Command command,
            TraceContext trace,
            Duration resultWait,
            Place place,
            Consumer<Outcome> receiver) {
        CommandExchange exchange = new CommandExchange(
                vertx, requireNonNull(vertx.getOrCreateContext()), command, trace, resultWait, place, receiver);
        exchange.start(publisher);
        return exchange;
    }

    private void start(CommandPublisher publisher) {
        if (resultWait.isZero()) {
            waitIsOver = true;
            timer = vertx.setTimer(ACKNOWLEDGEMENT_PATIENCE.toMillis(), id -> failAsUnknown());
        } else {
            timer = vertx.setTimer(resultWait.toMillis(), id -> waitEnds());
        }
        place.waiter().answer().thenAccept(result -> context.runOnContext(now -> decided(result)));
        publisher
                .publish(command, trace)
                .whenComplete((at, failure) -> context.runOnContext(now -> {
                    if (failure == null) {
                        acknowledged(at);
                    } else {
                        failed(failure);
                    }
                }));
    }

    /** Nobody is there any more to be told; the command goes its way all the same. */
    void abandon() {
        if (!done) {
            finish();
        }
    }

    /** Waits for the result no longer, only for where the command stands. */
    void hurry() {
        if (!done && !waitIsOver) {
            vertx.cancelTimer(timer);
            waitIsOver = true;
            if (position != null) {
                finish(new Outcome.Pending(position));
            } else {
                timer = vertx.setTimer(ACKNOWLEDGEMENT_PATIENCE.toMillis(), id -> failAsUnknown());
            }
        }
    }

    private void acknowledged(Position at) {
        if (done) {
            return;
        }
        position = at;
        if (waitIsOver) {
            finish(new Outcome.Pending(at));
        } else {
            place.waiter().publishedAt(at);
        }
    }

    private void waitEnds() {
        waitIsOver = true;
        if (position != null) {
            finish(new Outcome.Pending(position));
            return;
        }
        Duration rest = ACKNOWLEDGEMENT_PATIENCE.minus(resultWait);
        if (rest.isNegative() || rest.isZero()) {
            failAsUnknown();
        } else {
            timer = vertx.setTimer(rest.toMillis(), id -> failAsUnknown());
        }
    }

    private void decided(byte[] result) {
        if (!done) {
            finish(new Outcome.Decided(result, requireNonNull(position)));
        }
    }

    private void failed(Throwable failure) {
        if (done) {
            return;
        }
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (cause instanceof NotPublishedException) {
            fail(Problem.of(
                    ProblemCode.KAFKA_UNAVAILABLE,
                    "the command was not taken: " + cause.getMessage() + "; repeat it in a moment"));
        } else {
            LoggingEventBuilder line = LOG.atWarn()
                    .setMessage("A command was not acknowledged: {}")
                    .addArgument(cause.toString())
                    .addKeyValue("commandId", command.commandId())
                    .addKeyValue("eventId", command.eventId());
            trace.addTo(line);
            line.log();
            failAsUnknown();
        }
    }

    private void failAsUnknown() {
        fail(Problem.of(
                ProblemCode.OUTCOME_UNKNOWN,
                "Kafka has not confirmed the command in time, and may or may not have it;"
                        + " repeat it with the header Idempotency-Key: " + command.commandId()
                        + ", and it is carried out once at most"));
    }

    private void fail(Problem problem) {
        finish(new Outcome.Failed(problem.about(command.commandId()).retryAfterSeconds(KAFKA_RETRY_SECONDS)));
    }

    private void finish(Outcome outcome) {
        finish();
        receiver.accept(outcome);
    }

    private void finish() {
        done = true;
        vertx.cancelTimer(timer);
        place.leave();
    }
}
