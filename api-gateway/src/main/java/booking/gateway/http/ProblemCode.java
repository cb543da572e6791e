package booking.gateway.http;

import booking.schemas.result.Reason;

/** Every way in which a request can fail: the reasons for which a command is rejected, and the gateway's own. */
enum ProblemCode {
    INVALID_COMMAND(400, "The command is not valid"),
    COMMAND_ID_REUSED(422, "The idempotency key was used for another command"),
    EVENT_EXISTS(409, "There is an event with this id already"),
    TIME_SLOT_TAKEN(409, "Another event has this venue and date"),
    EVENT_NOT_FOUND(404, "There is no such event"),
    VERSION_CONFLICT(412, "The event has changed"),
    BOOKING_NOT_FOUND(404, "There is no such booking"),
    NOT_THE_OWNER(403, "The booking belongs to somebody else"),
    BOOKING_CANCELLED(409, "The booking is cancelled"),
    HOLD_EXPIRED(409, "The hold's time is over"),
    ALREADY_CONFIRMED(409, "The booking is confirmed already"),
    HOLD_NOT_EXPIRED(409, "The hold's time is not over yet"),
    EVENT_CLOSED(409, "The event takes no further bookings"),
    SALES_NOT_OPEN(409, "Sales have not begun"),
    SALES_CLOSED(409, "Sales are over"),
    USER_LIMIT_REACHED(409, "The user would have too many seats"),
    ALREADY_BOOKED(409, "The event is booked"),
    SOLD_OUT(409, "The event is sold out"),
    NOT_ENOUGH_SEATS(409, "There are not enough seats left"),
    CAPACITY_BELOW_TAKEN(409, "More seats are taken"),
    ALREADY_ON_WAITLIST(409, "The user waits already"),
    NOT_ON_WAITLIST(409, "The user does not wait"),
    SEATS_AVAILABLE(409, "There is nothing to wait for"),

    MALFORMED_REQUEST(400, "The request cannot be read"),
    NOT_AUTHENTICATED(401, "It is not known who you are"),
    FORBIDDEN(403, "You may not do this"),
    PATH_NOT_FOUND(404, "There is nothing at this path"),
    COMMAND_NOT_FOUND(404, "There is no such command"),
    METHOD_NOT_ALLOWED(405, "This path does not take this method"),
    BODY_TOO_LARGE(413, "The body is too large"),
    URI_TOO_LONG(414, "The path and query are too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body must be JSON"),
    EXPECTATION_FAILED(417, "The expectation cannot be met"),
    RATE_LIMITED(429, "The caller asks too often"),
    TOO_MANY_AT_ONCE(429, "The caller has too many calls going on"),
    HEADERS_TOO_LARGE(431, "The headers are too large"),
    INTERNAL_ERROR(500, "The gateway made a mistake"),
    WAITING_ROOM_FULL(503, "Too many requests are waiting"),
    TOO_MANY_STREAMS(503, "Too many streams are open"),
    TOO_MANY_ANSWERS(503, "Too many large answers are being read"),
    TOO_MANY_BATCHES(503, "Too many batches are being answered"),
    PROCESSOR_BEHIND(503, "Commands are not decided fast enough"),
    KAFKA_UNAVAILABLE(503, "Kafka cannot be reached"),
    OUTCOME_UNKNOWN(503, "It is not known whether the command was taken"),
    IDENTITY_UNAVAILABLE(503, "It cannot be found out who you are"),
    DATABASE_UNAVAILABLE(503, "The database cannot be reached");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The code of a rejected command. */
    static ProblemCode of(Reason reason) {
        return valueOf(reason.name());
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }
}
