package booking.gateway.http;

import booking.gateway.access.Caller;
import booking.gateway.access.Role;
import booking.gateway.await.WaitingRoom;
import booking.gateway.await.WaitingRoom.Waiter;
import booking.gateway.follow.TopicTail;
import booking.gateway.read.ReadPool;
import booking.gateway.send.BacklogWatch;
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
import java.util.Set;
import java.util.UUID;

/** The calls that become commands. */
final class WriteEndpoints {
    private static final int ROOM_RETRY_SECONDS = 1;
    private static final int KAFKA_RETRY_SECONDS = 2;

    private static final Set<Role> MANAGE = Set.of(Role.MANAGE_EVENTS);
    private static final Set<Role> BOOK = Set.of(Role.BOOK);

    private final CommandPublisher publisher;
    private final BacklogWatch backlog;
    private final TopicTail tail;
    private final WaitingRoom room;
    private final ReadPool reads;
    private final CommandIds ids = new CommandIds();

    WriteEndpoints(CommandPublisher publisher, BacklogWatch backlog, TopicTail tail, WaitingRoom room, ReadPool reads) {
        this.publisher = publisher;
        this.backlog = backlog;
        this.tail = tail;
        this.room = room;
        this.reads = reads;
    }

    List<Endpoint> all() {
        return List.of(
                Endpoint.withBody(HttpMethod.POST, "/v1/events", MANAGE, this::createEvent),
                Endpoint.withBody(HttpMethod.PATCH, "/v1/events/{eventId}", MANAGE, this::updateEvent),
                Endpoint.of(HttpMethod.POST, "/v1/events/{eventId}/closure", MANAGE, this::closeEvent),
                Endpoint.withBody(HttpMethod.POST, "/v1/events/{eventId}/bookings", BOOK, this::bookOrHold),
                Endpoint.of(
                        HttpMethod.POST, "/v1/events/{eventId}/bookings/{bookingId}/confirmation", BOOK, this::confirm),
                Endpoint.of(HttpMethod.DELETE, "/v1/events/{eventId}/bookings/{bookingId}", BOOK, this::cancel),
                Endpoint.withBody(HttpMethod.POST, "/v1/events/{eventId}/waitlist", BOOK, this::joinWaitlist),
                Endpoint.of(HttpMethod.DELETE, "/v1/events/{eventId}/waitlist", BOOK, this::leaveWaitlist));
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
        CommandForm form = forCallersUser(call, CommandForm.of(body(call)));
        send(call, form.has("holdSeconds") ? CommandType.HOLD : CommandType.BOOK, form);
    }

    private void confirm(RoutingContext call) {
        CommandForm form = CommandForm.empty().with("bookingId", call.pathParam("bookingId"));
        if (Gate.caller(call).mayActForOthers()) {
            send(call, CommandType.CONFIRM, form);
            return;
        }
        // The command does not say who asks, so we look. A booking never changes its owner.
        String eventId = call.pathParam("eventId");
        UUID bookingId = ReadEndpoints.pathUuid(call, "bookingId");
        ReadEndpoints.answer(call, reads.read(tables -> tables.booking(eventId, bookingId)), found -> {
            Gate.requireMayActFor(
                    call,
                    Optional.of(found.orElseThrow(ReadEndpoints::noSuchBooking).userId()));
            send(call, CommandType.CONFIRM, form);
        });
    }

    private void cancel(RoutingContext call) {
        CommandForm form = CommandForm.empty().with("bookingId", call.pathParam("bookingId"));
        Queries.single(call, "userId").ifPresent(userId -> form.with("userId", userId));
        // Who may act for others cancels anybody's booking, as long as it does not say for whom it asks.
        send(call, CommandType.CANCEL, Gate.caller(call).mayActForOthers() ? form : forCallersUser(call, form));
    }

    private void joinWaitlist(RoutingContext call) {
        send(call, CommandType.JOIN_WAITLIST, forCallersUser(call, CommandForm.of(body(call))));
    }

    private void leaveWaitlist(RoutingContext call) {
        CommandForm form = CommandForm.empty();
        Queries.single(call, "userId").ifPresent(userId -> form.with("userId", userId));
        send(call, CommandType.LEAVE_WAITLIST, forCallersUser(call, form));
    }

    /** For the user that the caller is, unless it says another one and may. */
    private static CommandForm forCallersUser(RoutingContext call, CommandForm form) {
        Caller caller = Gate.caller(call);
        Optional<String> said = form.text("userId");
        if (said.isPresent() && !caller.mayActFor(said.get())) {
            throw Gate.forbidden(
                    "userId must be your own; acting for others takes the role " + Role.ACT_FOR_OTHERS.written());
        }
        if (!form.has("userId")) {
            caller.userId().ifPresent(userId -> form.with("userId", userId));
        }
        return form;
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
        backlog.refusal(command.type()).ifPresent(behind -> {
            throw refusal(
                    command,
                    Problem.of(ProblemCode.PROCESSOR_BEHIND, behind.detail())
                            .retryAfterSeconds(behind.retryAfterSeconds()));
        });
        Waiter waiter = room.enter(command.commandId())
                .orElseThrow(() -> refusal(
                        command,
                        Problem.of(ProblemCode.WAITING_ROOM_FULL, "nothing was sent; try again in a moment")
                                .retryAfterSeconds(ROOM_RETRY_SECONDS)));
        TraceContext trace = RequestSpans.trace(request);
        Preference preference = Preference.of(request.headers().getAll("Prefer"));
        CommandExchange.begin(call.vertx(), call.response(), publisher, command, trace, preference, waiter);
    }

    private static RequestRefused refusal(Command command, Problem problem) {
        return new RequestRefused(problem.about(command.commandId()));
    }

    private Optional<UUID> key(RoutingContext call) {
        return ids.ofKey(call.request().headers().getAll("Idempotency-Key"), Gate.caller(call));
    }

    private static OptionalLong ifMatch(RoutingContext call) {
        return IfMatch.version(call.request().headers().getAll(HttpHeaders.IF_MATCH));
    }

    private static byte[] body(RoutingContext call) {
        return call.body().buffer() == null ? new byte[0] : call.body().buffer().getBytes();
    }
}
