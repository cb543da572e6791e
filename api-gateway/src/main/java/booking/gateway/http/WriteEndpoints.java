package booking.gateway.http;

import booking.gateway.await.ResultTail;
import booking.gateway.await.WaitingRoom;
import booking.gateway.await.WaitingRoom.Waiter;
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
    private final ResultTail tail;
    private final WaitingRoom room;
    private final CommandIds ids = new CommandIds();

    WriteEndpoints(CommandPublisher publisher, ResultTail tail, WaitingRoom room) {
        this.publisher = publisher;
        this.tail = tail;
        this.room = room;
    }

    List<Endpoint> all() {
        return List.of(
                new Endpoint(HttpMethod.POST, "/v1/events", this::createEvent),
                new Endpoint(HttpMethod.POST, "/v1/events/{eventId}/bookings", this::book),
                new Endpoint(HttpMethod.DELETE, "/v1/events/{eventId}/bookings/{bookingId}", this::cancel));
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

    private void book(RoutingContext call) {
        CommandForm form = CommandForm.of(body(call))
                .with("eventId", call.pathParam("eventId"))
                .withExpectedVersion(ifMatch(call));
        send(call, form.command(CommandType.BOOK, form.commandId(key(call), ids)));
    }

    private void cancel(RoutingContext call) {
        CommandForm form = CommandForm.empty()
                .with("eventId", call.pathParam("eventId"))
                .with("bookingId", call.pathParam("bookingId"))
                .withExpectedVersion(ifMatch(call));
        List<String> userIds = call.queryParam("userId");
        if (userIds.size() > 1) {
            throw new RequestRefused(ProblemCode.MALFORMED_REQUEST, "userId must be given once");
        }
        userIds.forEach(userId -> form.with("userId", userId));
        send(call, form.command(CommandType.CANCEL, form.commandId(key(call), ids)));
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
