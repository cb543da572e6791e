package booking.gateway.http;

import static java.util.Objects.requireNonNull;

import booking.gateway.await.WaitingRoom.Waiter;
import booking.gateway.send.CommandPublisher;
import booking.gateway.send.NotPublishedException;
import booking.gateway.send.TraceContext;
import booking.schemas.command.Command;
import booking.schemas.result.Position;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One write, from its command to its answer. Lives on the event loop of its connection, so its steps come one after the
 * other: acknowledged or failed, decided, too late, or the client gone.
 */
final class CommandExchange {
    private static final Logger LOG = LoggerFactory.getLogger(CommandExchange.class);

    /** How long Kafka has to take a command even when the client does not want to wait: its answer says where it is. */
    private static final Duration ACKNOWLEDGEMENT_PATIENCE = Duration.ofSeconds(5);

    private static final int KAFKA_RETRY_SECONDS = 2;

    private final Vertx vertx;
    private final Context context;
    private final HttpServerResponse response;
    private final Command command;
    private final TraceContext trace;
    private final Preference preference;
    private final Waiter waiter;
    private @Nullable Position position;
    private boolean waitIsOver;
    private boolean done;
    private long timer;

    private CommandExchange(
            Vertx vertx,
            Context context,
            HttpServerResponse response,
            Command command,
            TraceContext trace,
            Preference preference,
            Waiter waiter) {
        this.vertx = vertx;
        this.context = context;
        this.response = response;
        this.command = command;
        this.trace = trace;
        this.preference = preference;
        this.waiter = waiter;
    }

    /** Publishes the command and answers the request, now or later. To be called on an event loop. */
    static void begin(
            Vertx vertx,
            HttpServerResponse response,
            CommandPublisher publisher,
            Command command,
            TraceContext trace,
            Preference preference,
            Waiter waiter) {
        CommandExchange exchange = new CommandExchange(
                vertx, requireNonNull(vertx.getOrCreateContext()), response, command, trace, preference, waiter);
        exchange.start(publisher);
    }

    private void start(CommandPublisher publisher) {
        response.closeHandler(gone -> finish());
        Duration wait = preference.resultWait();
        if (wait.isZero()) {
            waitIsOver = true;
            timer = vertx.setTimer(ACKNOWLEDGEMENT_PATIENCE.toMillis(), id -> acknowledgementIsLate());
        } else {
            timer = vertx.setTimer(wait.toMillis(), id -> waitEnds());
        }
        waiter.answer().thenAccept(result -> context.runOnContext(now -> decided(result)));
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

    private void acknowledged(Position at) {
        if (done) {
            return;
        }
        position = at;
        if (waitIsOver) {
            answerPending(at);
        } else {
            waiter.publishedAt(at);
        }
    }

    private void waitEnds() {
        waitIsOver = true;
        if (position != null) {
            answerPending(position);
            return;
        }
        Duration rest = ACKNOWLEDGEMENT_PATIENCE.minus(preference.resultWait());
        if (rest.isNegative() || rest.isZero()) {
            acknowledgementIsLate();
        } else {
            timer = vertx.setTimer(rest.toMillis(), id -> acknowledgementIsLate());
        }
    }

    private void decided(byte[] result) {
        if (done) {
            return;
        }
        preference.applied().ifPresent(this::applied);
        try {
            ResultAnswer.write(response, command, result);
            finish();
        } catch (SerializationException e) {
            // From a newer processor, perhaps. It is decided all the same, and must not look like a failure.
            warn("Cannot read the result of a command: {}", e);
            answerPending(requireNonNull(position));
        }
    }

    private void answerPending(Position at) {
        preference.applied().ifPresent(this::applied);
        Answers.commandId(response, command.commandId());
        response.putHeader(
                HttpHeaders.LOCATION,
                "/v1/commands/" + command.commandId() + "?at=" + at.partition() + "-" + at.offset());
        Answers.json(response, 202, CommandStatus.pending(command.commandId(), at));
        finish();
    }

    private void failed(Throwable failure) {
        if (done) {
            return;
        }
        Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
        if (cause instanceof NotPublishedException) {
            refuse(Problem.of(
                    ProblemCode.KAFKA_UNAVAILABLE,
                    "the command was not taken: " + cause.getMessage() + "; repeat it in a moment"));
        } else {
            warn("A command was not acknowledged: {}", cause);
            refuseAsUnknown();
        }
    }

    private void acknowledgementIsLate() {
        refuseAsUnknown();
    }

    private void refuseAsUnknown() {
        refuse(Problem.of(
                ProblemCode.OUTCOME_UNKNOWN,
                "Kafka has not confirmed the command in time, and may or may not have it;"
                        + " repeat it with the header Idempotency-Key: " + command.commandId()
                        + ", and it is carried out once at most"));
    }

    private void refuse(Problem problem) {
        Answers.problem(response, problem.about(command.commandId()).retryAfterSeconds(KAFKA_RETRY_SECONDS));
        finish();
    }

    private void applied(String preferences) {
        if (!Answers.isOver(response)) {
            response.putHeader("Preference-Applied", preferences);
        }
    }

    private void warn(String message, Throwable cause) {
        LoggingEventBuilder line = LOG.atWarn()
                .setMessage(message)
                .addArgument(cause.toString())
                .addKeyValue("commandId", command.commandId())
                .addKeyValue("eventId", command.eventId());
        trace.addTo(line);
        line.log();
    }

    private void finish() {
        if (!done) {
            done = true;
            vertx.cancelTimer(timer);
            waiter.leave();
        }
    }
}
