package booking.gateway.http;

import booking.gateway.access.Role;
import booking.gateway.http.CommandDesk.Place;
import booking.gateway.read.ReadPool;
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
    static final Set<Role> MANAGE = Set.of(Role.MANAGE_EVENTS);
    static final Set<Role> BOOK = Set.of(Role.BOOK);

    private final CommandDesk desk;
    private final ReadPool reads;
    private final CommandIds ids;

    WriteEndpoints(CommandDesk desk, ReadPool reads, CommandIds ids) {
        this.desk = desk;
        this.reads = reads;
        this.ids = ids;
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
        CommandForm form = Gate.forCallersUser(Gate.caller(call), CommandForm.of(body(call)));
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
        send(
                call,
                CommandType.CANCEL,
                Gate.caller(call).mayActForOthers() ? form : Gate.forCallersUser(Gate.caller(call), form));
    }

    private void joinWaitlist(RoutingContext call) {
        send(call, CommandType.JOIN_WAITLIST, Gate.forCallersUser(Gate.caller(call), CommandForm.of(body(call))));
    }

    private void leaveWaitlist(RoutingContext call) {
        CommandForm form = CommandForm.empty();
        Queries.single(call, "userId").ifPresent(userId -> form.with("userId", userId));
        send(call, CommandType.LEAVE_WAITLIST, Gate.forCallersUser(Gate.caller(call), form));
    }

    /** Sends a command for an event that is there already. */
    private void send(RoutingContext call, CommandType type, CommandForm form) {
        form.with("eventId", call.pathParam("eventId")).withExpectedVersion(ifMatch(call));
        send(call, form.command(type, form.commandId(key(call), ids)));
    }

    private void send(RoutingContext call, Command command) {
        if (Answers.isOver(call.response())) {
            // It has left while we found out who calls or what is there. That it has left is not told again, and it
            // would keep its place.
            return;
        }
        HttpServerRequest request = call.request();
        desk.requireOpen(command);
        Place place = desk.requirePlace(command, call);
        TraceContext trace = RequestSpans.trace(request);
        Preference preference = Preference.of(request.headers().getAll("Prefer"));
        CommandExchange exchange = desk.send(
                call.vertx(),
                command,
                trace,
                preference.resultWait(),
                place,
                outcome -> CommandAnswer.write(call.response(), command, preference, outcome));
        call.response().closeHandler(gone -> exchange.abandon());
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
