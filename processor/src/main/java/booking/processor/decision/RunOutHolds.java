package booking.processor.decision;

import java.time.Instant;
import java.util.Optional;

/**
 * Ends holds that have run out. Each command finds them ended before it is decided, whether the command that was written
 * to end them has come by or not: what counts is the time that the log gave the command.
 */
public final class RunOutHolds {
    private RunOutHolds() {}

    /** The change by which the hold that ran out first is ended; empty when none of this event has run out. */
    public static Optional<Change> end(String eventId, Books books, Instant at) {
        // An event that somebody made between the two looks at the tables is not there yet, though a hold of it is.
        return books.event(eventId)
                .flatMap(event -> books.expiredHold(eventId, at).map(hold -> {
                    // A hold that another writer made without counting its seats must not make the count negative.
                    int seats = Math.min(hold.quantity(), event.held());
                    return Change.of(
                            event.withSeats(0, -seats, at),
                            hold.expired(hold.holdExpiresAt().orElse(at)));
                }));
    }
}
