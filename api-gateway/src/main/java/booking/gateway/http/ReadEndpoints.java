package booking.gateway.http;

import booking.gateway.read.BookingReads;
import booking.gateway.read.EventPage;
import booking.gateway.read.ReadPool;
import booking.gateway.read.StoredBooking;
import booking.gateway.send.CommandsTopic;
import booking.schemas.availability.Availability;
import booking.schemas.availability.AvailabilityCodec;
import booking.schemas.json.UuidText;
import booking.schemas.result.Position;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** The calls that only look. */
final class ReadEndpoints {
    private static final Logger LOG = LoggerFactory.getLogger(ReadEndpoints.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final AvailabilityCodec AVAILABILITY = new AvailabilityCodec();
    private static final int USUAL_LIMIT = 100;
    private static final int HIGHEST_LIMIT = 1_000;
    private static final int RETRY_SECONDS = 2;
    private static final Pattern LIMIT = Pattern.compile("\\d{1,4}");
    private static final Pattern AT = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

    private final ReadPool reads;
    private final CommandsTopic commands;

    ReadEndpoints(ReadPool reads, CommandsTopic commands) {
        this.reads = reads;
        this.commands = commands;
    }

    List<Endpoint> all() {
        return List.of(
                new Endpoint(HttpMethod.GET, "/v1/events", this::events),
                new Endpoint(HttpMethod.GET, "/v1/events/{eventId}", this::event),
                new Endpoint(HttpMethod.GET, "/v1/events/{eventId}/bookings/{bookingId}", this::booking),
                new Endpoint(HttpMethod.GET, "/v1/commands/{commandId}", this::command));
    }

    private void events(RoutingContext call) {
        int limit = query(call, "limit").map(ReadEndpoints::limit).orElse(USUAL_LIMIT);
        String after = query(call, "after").orElse("");
        answer(
                call,
                reads.read(tables -> tables.eventsAfter(after, limit)),
                page -> Answers.json(call.response(), 200, json(page)));
    }

    private void event(RoutingContext call) {
        String eventId = call.pathParam("eventId");
        answer(call, reads.read(tables -> tables.event(eventId)), found -> {
            Availability event =
                    found.orElseThrow(() -> new RequestRefused(ProblemCode.EVENT_NOT_FOUND, "no event has this id"));
            call.response().putHeader(HttpHeaders.ETAG, "\"" + event.snapshot().version() + "\"");
            Answers.json(call.response(), 200, AVAILABILITY.encode(event));
        });
    }

    private void booking(RoutingContext call) {
        String eventId = call.pathParam("eventId");
        UUID bookingId = uuid(call, "bookingId");
        answer(call, reads.read(tables -> tables.booking(eventId, bookingId)), found -> {
            StoredBooking booking = found.orElseThrow(
                    () -> new RequestRefused(ProblemCode.BOOKING_NOT_FOUND, "the event has no booking with this id"));
            Answers.json(call.response(), 200, json(booking));
        });
    }

    private void command(RoutingContext call) {
        UUID commandId = uuid(call, "commandId");
        Optional<Position> at = query(call, "at").map(ReadEndpoints::position);
        answer(
                call,
                at.isPresent() ? status(commandId, at.get()) : status(commandId),
                found -> Answers.json(
                        call.response(),
                        200,
                        found.orElseThrow(() -> new RequestRefused(
                                ProblemCode.COMMAND_NOT_FOUND,
                                "no outcome of this command is kept; while it is undecided it is known by"
                                        + " ?at={partition}-{offset} only"))));
    }

    private CompletionStage<Optional<byte[]>> status(UUID commandId) {
        return reads.read(tables -> tables.result(commandId).map(result -> CommandStatus.decided(commandId, result)));
    }

    private CompletionStage<Optional<byte[]>> status(UUID commandId, Position at) {
        return commands.id()
                .handle((topicId, failure) -> failure == null
                        ? reads.read(tables -> progress(tables, commandId, topicId, at))
                        // The tables know what is decided even when Kafka is away.
                        : status(commandId))
                .thenCompose(Function.identity());
    }

    private static Optional<byte[]> progress(BookingReads tables, UUID commandId, UUID topicId, Position at) {
        var progress = tables.progress(commandId, topicId, at.partition());
        if (progress.result().isPresent()) {
            return Optional.of(
                    CommandStatus.decided(commandId, progress.result().get()));
        }
        if (at.offset() < progress.nextOffset()) {
            return Optional.empty();
        }
        return Optional.of(CommandStatus.pending(commandId, at, at.offset() - progress.nextOffset()));
    }

    /** Answers on the call's event loop once the reading is done. */
    private static <T> void answer(RoutingContext call, CompletionStage<T> reading, Consumer<T> writer) {
        Context context = call.vertx().getOrCreateContext();
        reading.whenComplete((value, failure) -> context.runOnContext(now -> {
            if (failure != null) {
                call.fail(refusal(failure));
                return;
            }
            try {
                writer.accept(value);
            } catch (RequestRefused e) {
                call.fail(e);
            }
        }));
    }

    private static Throwable refusal(Throwable failure) {
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

    private static RequestRefused unavailable(String detail) {
        return new RequestRefused(
                Problem.of(ProblemCode.DATABASE_UNAVAILABLE, detail).retryAfterSeconds(RETRY_SECONDS));
    }

    private static Optional<String> query(RoutingContext call, String name) {
        List<String> values = call.queryParam(name);
        if (values.size() > 1) {
            throw malformed(name + " must be given once");
        }
        return values.stream().findFirst();
    }

    private static int limit(String text) {
        int limit = LIMIT.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > HIGHEST_LIMIT) {
            throw malformed("limit must be a whole number from 1 to " + HIGHEST_LIMIT);
        }
        return limit;
    }

    private static Position position(String text) {
        Matcher matcher = AT.matcher(text);
        if (!matcher.matches()) {
            throw malformed("at must be {partition}-{offset}, such as 3-5120");
        }
        return new Position(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    private static UUID uuid(RoutingContext call, String name) {
        return UuidText.parse(call.pathParam(name)).orElseThrow(() -> malformed(name + " must be a UUID"));
    }

    private static RequestRefused malformed(String detail) {
        return new RequestRefused(ProblemCode.MALFORMED_REQUEST, detail);
    }

    private static byte[] json(EventPage page) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode events = json.putArray("events");
        page.events()
                .forEach(event -> events.addRawValue(
                        new RawValue(new String(AVAILABILITY.encode(event), StandardCharsets.UTF_8))));
        page.after().ifPresent(after -> json.put("after", after));
        return JSON.writeValueAsBytes(json);
    }

    private static byte[] json(StoredBooking booking) {
        return JSON.writeValueAsBytes(JSON.createObjectNode()
                .put("bookingId", booking.bookingId().toString())
                .put("eventId", booking.eventId())
                .put("userId", booking.userId())
                .put("quantity", booking.quantity())
                .put("status", booking.status().name())
                .put("createdAt", booking.createdAt().toString())
                .put("updatedAt", booking.updatedAt().toString()));
    }
}
