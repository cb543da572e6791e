package booking.gateway.http;

import booking.gateway.access.Caller;
import booking.gateway.access.Role;
import booking.gateway.read.BookingReads;
import booking.gateway.read.CommandProgress;
import booking.gateway.read.ReadPool;
import booking.gateway.read.StoredBooking;
import booking.gateway.read.StoredEvent;
import booking.gateway.send.CommandsTopic;
import booking.schemas.command.CommandType;
import booking.schemas.json.UuidText;
import booking.schemas.result.Position;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.JsonNode;

/** The calls that only look. */
final class ReadEndpoints {
    private static final Logger LOG = LoggerFactory.getLogger(ReadEndpoints.class);
    private static final int RETRY_SECONDS = 2;

    static final Set<Role> READ = Set.of(Role.READ);
    private static final Set<Role> READ_ALL = Set.of(Role.READ, Role.ACT_FOR_OTHERS);

    private final ReadPool reads;
    private final CommandsTopic commands;
    private final UnreadAnswers answers;

    ReadEndpoints(ReadPool reads, CommandsTopic commands, UnreadAnswers answers) {
        this.reads = reads;
        this.commands = commands;
        this.answers = answers;
    }

    List<Endpoint> all() {
        return List.of(
                Endpoint.of(HttpMethod.GET, "/v1/events", READ, this::events),
                Endpoint.of(HttpMethod.GET, "/v1/events/{eventId}", READ, this::event),
                Endpoint.of(HttpMethod.GET, "/v1/events/{eventId}/bookings", READ_ALL, this::bookingsOfEvent),
                Endpoint.of(HttpMethod.GET, "/v1/events/{eventId}/bookings/{bookingId}", READ, this::booking),
                Endpoint.of(HttpMethod.GET, "/v1/users/{userId}/bookings", READ, this::bookingsOfUser),
                Endpoint.of(HttpMethod.GET, "/v1/users/{userId}/waitlist", READ, this::waitlistOfUser),
                Endpoint.of(HttpMethod.GET, "/v1/commands/{commandId}", READ, this::command));
    }

    private void events(RoutingContext call) {
        int limit = Queries.limit(call);
        String after = Queries.single(call, "after").orElse("");
        Optional<String> search = Queries.search(call, "q");
        answerAtLength(call, tables -> StoredAsJson.events(tables.eventsAfter(after, search, limit)));
    }

    private void event(RoutingContext call) {
        String eventId = call.pathParam("eventId");
        answer(call, reads.read(tables -> tables.event(eventId)), found -> {
            StoredEvent event = found.orElseThrow(ReadEndpoints::noSuchEvent);
            long version = event.availability().snapshot().version();
            call.response().putHeader(HttpHeaders.ETAG, "\"" + version + "\"");
            Answers.json(call.response(), 200, StoredAsJson.event(event));
        });
    }

    private void bookingsOfEvent(RoutingContext call) {
        String eventId = call.pathParam("eventId");
        int limit = Queries.limit(call);
        Optional<UUID> after = Queries.uuid(call, "after");
        answerAtLength(
                call,
                tables -> StoredAsJson.bookings(
                        tables.bookingsOfEvent(eventId, after, limit).orElseThrow(ReadEndpoints::noSuchEvent)));
    }

    private void bookingsOfUser(RoutingContext call) {
        String userId = call.pathParam("userId");
        Gate.requireMayActFor(call, Optional.of(userId));
        int limit = Queries.limit(call);
        Optional<UUID> after = Queries.uuid(call, "after");
        answerAtLength(call, tables -> StoredAsJson.bookings(tables.bookingsOfUser(userId, after, limit)));
    }

    private void waitlistOfUser(RoutingContext call) {
        String userId = call.pathParam("userId");
        Gate.requireMayActFor(call, Optional.of(userId));
        answerAtLength(call, tables -> StoredAsJson.waitlist(tables.waitlistOfUser(userId)));
    }

    private void booking(RoutingContext call) {
        String eventId = call.pathParam("eventId");
        UUID bookingId = pathUuid(call, "bookingId");
        answer(call, reads.read(tables -> tables.booking(eventId, bookingId)), found -> {
            StoredBooking booking = found.orElseThrow(ReadEndpoints::noSuchBooking);
            Gate.requireMayActFor(call, Optional.of(booking.userId()));
            Answers.json(call.response(), 200, StoredAsJson.booking(booking));
        });
    }

    private void command(RoutingContext call) {
        UUID commandId = pathUuid(call, "commandId");
        Optional<Position> at = Queries.position(call, "at");
        answer(call, at.isPresent() ? status(commandId, at.get()) : status(commandId), found -> {
            byte[] status = found.orElseThrow(() -> new RequestRefused(
                    ProblemCode.COMMAND_NOT_FOUND,
                    "no outcome of this command is kept; while it is undecided it is known by"
                            + " ?at={partition}-{offset} only"));
            requireMaySee(call, status);
            Answers.json(call.response(), 200, status);
        });
    }

    /**
     * A result is for the user that it names, that of a command about an event for those who manage events; one that names
     * nobody otherwise is for those who see all.
     */
    private static void requireMaySee(RoutingContext call, byte[] status) {
        Caller caller = Gate.caller(call);
        if (!caller.mayActForOthers()) {
            CommandStatus.result(status)
                    .filter(result -> !(caller.has(WriteEndpoints.MANAGE) && isAboutAnEvent(result)))
                    .ifPresent(result ->
                            Gate.requireMayActFor(caller, result.path("userId").stringValueOpt()));
        }
    }

    private static boolean isAboutAnEvent(JsonNode result) {
        return result.path("type")
                .stringValueOpt()
                .flatMap(CommandType::fromWireName)
                .filter(BatchRules.MANAGING::contains)
                .isPresent();
    }

    private CompletionStage<Optional<byte[]>> status(UUID commandId) {
        return reads.read(tables -> tables.result(commandId).map(result -> CommandStatus.decided(commandId, result)));
    }

    private CompletionStage<Optional<byte[]>> status(UUID commandId, Position at) {
        return commands.id()
                .handle((topicId, failure) -> failure == null
                        ? reads.read(tables -> tables.progress(commandId, topicId, at.partition()))
                                .thenCompose(progress -> status(commandId, at, progress))
                        // The tables know what is decided even when Kafka is away.
                        : status(commandId)
                                .thenApply(decided -> decided.or(() -> {
                                    throw unknown();
                                })))
                .thenCompose(Function.identity());
    }

    private CompletionStage<Optional<byte[]>> status(UUID commandId, Position at, CommandProgress progress) {
        if (progress.result().isPresent()) {
            return CompletableFuture.completedFuture(Optional.of(
                    CommandStatus.decided(commandId, progress.result().get())));
        }
        if (at.offset() < progress.nextOffset()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        byte[] pending = CommandStatus.pending(commandId, at, at.offset() - progress.nextOffset());
        return commands.has(at).handle((there, failure) -> {
            if (failure != null) {
                throw unknown();
            }
            return there ? Optional.of(pending) : Optional.empty();
        });
    }

    /**
     * Answers with what may be large. It is written as JSON where it is read: no more is made at the same time than there are
     * threads for reading, and whether there is room for it is known before it is handed on.
     */
    private void answerAtLength(RoutingContext call, Function<BookingReads, byte[]> json) {
        answer(
                call,
                reads.readMany(tables -> answers.hold(json.apply(tables))),
                held -> held.answer(call, Answers.JSON));
    }

    /** Answers on the call's event loop once the reading is done. */
    static <T> void answer(RoutingContext call, CompletionStage<T> reading, Consumer<T> writer) {
        whenDone(reading, call.vertx().getOrCreateContext(), (value, failure) -> {
            if (failure != null) {
                call.fail(refusal(failure));
                return;
            }
            try {
                writer.accept(value);
            } catch (RuntimeException e) {
                // The router knows of what handlers throw, and this is none any more.
                call.fail(e);
            }
        });
    }

    /** Goes on in this context with what has been found out, or with what was in the way. */
    static <T> void whenDone(CompletionStage<T> reading, Context context, BiConsumer<T, @Nullable Throwable> next) {
        reading.whenComplete((value, failure) -> context.runOnContext(now -> next.accept(value, failure)));
    }

    /** What somebody is told who wanted something read. */
    static Throwable refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RejectedExecutionException) {
            return unavailable("too many reads are waiting");
        }
        if (cause instanceof DataAccessException) {
            LOG.warn("Cannot read the tables: {}", cause.toString());
            return unavailable("the tables cannot be read now");
        }
        return cause;
    }

    static RequestRefused noSuchBooking() {
        return new RequestRefused(ProblemCode.BOOKING_NOT_FOUND, "the event has no booking with this id");
    }

    static RequestRefused noSuchEvent() {
        return new RequestRefused(ProblemCode.EVENT_NOT_FOUND, "no event has this id");
    }

    static UUID pathUuid(RoutingContext call, String name) {
        return UuidText.parse(call.pathParam(name)).orElseThrow(() -> Queries.malformed(name + " must be a UUID"));
    }

    private static RequestRefused unknown() {
        return new RequestRefused(Problem.of(
                        ProblemCode.KAFKA_UNAVAILABLE,
                        "the command has not been decided, and whether it waits for that cannot be found out now")
                .retryAfterSeconds(RETRY_SECONDS));
    }

    private static RequestRefused unavailable(String detail) {
        return new RequestRefused(
                Problem.of(ProblemCode.DATABASE_UNAVAILABLE, detail).retryAfterSeconds(RETRY_SECONDS));
    }
}
