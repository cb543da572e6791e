package booking.processor.decision;

import booking.schemas.result.Reason;
import java.util.Optional;

/** What the rules say to a command. */
public sealed interface Decision {

    /**
     * It is carried out.
     *
     * @param event the event as the command leaves it
     * @param booking the booking as the command leaves it, when it made or changed one
     */
    record Accept(Event event, Optional<Booking> booking) implements Decision {}

    /**
     * It is not, and nothing changes.
     *
     * @param reason why, for machines
     * @param detail why, for people
     */
    record Reject(Reason reason, String detail) implements Decision {}
}
