package booking.schemas.result;

/** Why a command was rejected, in the order in which the checks are made. */
public enum Reason {
    /** JSON that breaks the schema, a record key that is not the event id, or an update that would never open sales. */
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
    /** The hold's time is over. */
    HOLD_EXPIRED,
    /** The booking is no hold, or no longer. */
    ALREADY_CONFIRMED,
    /** The hold's time is not over yet, so it is too early to expire it. */
    HOLD_NOT_EXPIRED,
    /** The event takes no further bookings. */
    EVENT_CLOSED,
    SALES_NOT_OPEN,
    SALES_CLOSED,
    /** The user would have more seats than the event allows to one. */
    USER_LIMIT_REACHED,
    /** The event has one place and it is taken. */
    ALREADY_BOOKED,
    /** None of the event's places is left, or those that are left are being offered to people who wait. */
    SOLD_OUT,
    /** Fewer places are left than were asked for, or the event has fewer than somebody would wait for. */
    NOT_ENOUGH_SEATS,
    /** The event would have fewer seats than are taken. */
    CAPACITY_BELOW_TAKEN,
    ALREADY_ON_WAITLIST,
    NOT_ON_WAITLIST,
    /** There is nothing to wait for: seats are free. */
    SEATS_AVAILABLE
}
