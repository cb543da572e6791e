package booking.schemas.result;

/** Why a command was rejected, in the order in which the checks are made. */
public enum Reason {
    /** Readable JSON that breaks the schema, or a record key that is not the event id. */
    INVALID_COMMAND,
    /** A known command id with another content; the first outcome stands. */
    COMMAND_ID_REUSED,
    /** There is an event with this id already. */
    EVENT_EXISTS,
    /** Another event has this venue and date. */
    TIME_SLOT_TAKEN,
    EVENT_NOT_FOUND,
    /** The event has changed since the sender saw it, or was changed by another writer while this was decided. */
    VERSION_CONFLICT,
    BOOKING_NOT_FOUND,
    /** The booking belongs to somebody else. */
    NOT_THE_OWNER,
    BOOKING_CANCELLED,
    /** The event has one place and it is taken. */
    ALREADY_BOOKED,
    /** None of the event's places is left. */
    SOLD_OUT,
    /** Fewer places are left than were asked for. */
    NOT_ENOUGH_SEATS
}
