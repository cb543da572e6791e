package booking.gateway.http;

import booking.gateway.await.WaitingRoom;
import booking.gateway.await.WaitingRoom.Waiter;
import booking.gateway.follow.TopicTail;
import booking.gateway.send.CommandPublisher;
import booking.gateway.send.TraceContext;
import booking.schemas.command.Command;
import booking.schemas.command.CommandType;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** The calls that become commands. */
final class WriteEndpoints {
    private static final int ROOM_RETRY_SECONDS = 1;
    private static final int KAFKA_RETRY_SECONDS = 2;

    private final CommandPublisher publisher;
    private final TopicTail tail;
    private final WaitingRoom room;
    private final CommandIds ids = new CommandIds();

    WriteEndpoints(CommandPublisher publisher, TopicTail tail, WaitingRoom room) {
        this.publisher = publisher;
        this.tail = tail;
        this.room = room;
    }

    List<Endpoint> all() {
        return List.of(
                Endpoint.withBody(HttpMethod.POST, "/v1/events", this::createEvent),
                Endpoint.withBody(HttpMethod.PATCH, "/v1/events/{eventId}", this::updateEvent),
                Endpoint.of(HttpMethod.POST, "/v1/events/{eventId}/closure", this::closeEvent),
                Endpoint.withBody(HttpMethod.POST, "/v1/events/{eventId}/bookings", this::bookOrHold),
                Endpoint.of(HttpMethod.POST, "/v1/events/{eventId}/bookings/{bookingId}/confirmation", this::confirm),
                Endpoint.of(HttpMethod.DELETE, "/v1/events/{eventId}/bookings/{bookingId}", this::cancel),
                Endpoint.withBody(HttpMethod.POST, "/v1/events/{eventId}/waitlist", this::joinWaitlist),
                Endpoint.of(HttpMethod.DELETE, "/v1/events/{eventId}/waitlist", this::leaveWaitlist));
    }

    private void createEvent(RoutingContext call) {
        if (ifMatch(call).isPresent()) {
            throw new RequestRefused(
                    ProblemCode.MALFORMED_REQUEST, "If-Match has no meaning for an event that does not exist yet");
        }
        CommandForm form = CommandForm.of(body(call));
        UUID commandId = form.commandId(key(call), ids);
        if (!form.has("eventId")) {
            // Made of the command's id, so that the same request sent again names the same event.
            form.with("eventId", commandId.toString());
        }
        send(call, form.command(CommandType.CREATE_EVENT, commandId));
    }

    private void updateEvent(RoutingContext call) {
        send(call, CommandType.UPDATE_EVENT, CommandForm.of(body(call)));
    }

    private void closeEvent(RoutingContext call) {
        send(call, CommandType.CLOSE_EVENT, CommandForm.empty());
    }

    private void bookOrHold(RoutingContext call) {
        CommandForm form = CommandForm.of(body(call));
        send(call, form.has("holdSeconds") ? CommandType.HOLD : CommandType.BOOK, form);
    }

    private void confirm(RoutingContext call) {
        send(call, CommandType.CONFIRM, CommandForm.empty().with("bookingId", call.pathParam("bookingId")));
    }

    private void cancel(RoutingContext call) {
        CommandForm form = CommandForm.empty().with("bookingId", call.pathParam("bookingId"));
        Queries.single(call, "userId").ifPresent(userId -> form.with("userId", userId));
        send(call, CommandType.CANCEL, form);
    }

    private void joinWaitlist(RoutingContext call) {
        send(call, CommandType.JOIN_WAITLIST, CommandForm.of(body(call)));
    }

    private void leaveWaitlist(RoutingContext call) {
        CommandForm form = CommandForm.empty();
        Queries.single(call, "userId").ifPresent(userId -> form.with("userId", userId));
        send(call, CommandType.LEAVE_WAITLIST, form);
    }

    /** Sends a command for an event that is there already. */
    private void send(RoutingContext call, CommandType type, CommandForm form) {
        form.with("eventId", call.pathParam("eventId")).withExpectedVersion(ifMatch(call));
        send(call, form.command(type, form.commandId(key(call), ids)));
    }

    private void send(RoutingContext call, Command command) {
        HttpServerRequest request = call.request();
        // Without the tail nobody would see the result.
        if (!tail.isFollowing()) {
            throw refusal(
                    command,
                    Problem.of(ProblemCode.KAFKA_UNAVAILABLE, "the gateway has no connection to the results yet")
                            .retryAfterSeconds(KAFKA_RETRY_SECONDS));
        }
        Waiter waiter = room.enter(command.commandId())
                .orElseThrow(() -> refusal(
                        command,
                        Problem.of(ProblemCode.WAITING_ROOM_FULL, "nothing was sent; try again in a moment")
                                .retryAfterSeconds(ROOM_RETRY_SECONDS)));
        TraceContext trace = TraceContext.of(
                Optional.ofNullable(request.getHeader("traceparent")),
                Optional.ofNullable(request.getHeader("tracestate")));
        Preference preference = Preference.of(request.headers().getAll("Prefer"));
        CommandExchange.begin(call.vertx(), call.response(), publisher, command, trace, preference, waiter);
    }

    private static RequestRefused refusal(Command command, Problem problem) {
        return new RequestRefused(problem.about(command.commandId()));
    }

    private Optional<UUID> key(RoutingContext call) {
        return ids.ofKey(call.request().headers().getAll("Idempotency-Key"));
    }

    private static OptionalLong ifMatch(RoutingContext call) {
        return IfMatch.version(call.request().headers().getAll(HttpHeaders.IF_MATCH));
    }

    private static byte[] body(RoutingContext call) {
        return call.body().buffer() == null ? new byte[0] : call.body().buffer().getBytes();
    }
}
