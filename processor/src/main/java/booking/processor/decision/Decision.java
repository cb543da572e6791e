package booking.processor.decision;

import booking.schemas.result.Reason;

/** What the rules say to a command. */
public sealed interface Decision {

    /** It is carried out, and changes this. */
    record Accept(Change change) implements Decision {}

    /**
     * What it asks for has come about already, so nothing changes.
     *
     * @param booking the booking named
     */
    record Settled(Event event, Booking booking) implements Decision {}

    /**
     * It is not carried out, and nothing changes.
     *
     * @param reason why, for machines
     * @param detail why, for people
     */
    record Reject(Reason reason, String detail) implements Decision {}
}
