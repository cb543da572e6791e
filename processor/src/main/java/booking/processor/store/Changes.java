package booking.processor.store;

import booking.processor.decision.Booking;
import booking.processor.decision.Event;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a batch of decisions changes.
 *
 * @param createdEvents events that were not there before
 * @param changedEvents events that were, as they shall be and as they were read
 * @param madeBookings bookings that were not there before
 * @param cancelledBookings bookings that were there, and live
 * @param outcomes the answers to commands that had none, by command id
 */
public record Changes(
        List<Event> createdEvents,
        List<ChangedEvent> changedEvents,
        List<Booking> madeBookings,
        List<Booking> cancelledBookings,
        Map<UUID, StoredOutcome> outcomes) {

    /** An event as it shall be, if it still is as it was read. */
    public record ChangedEvent(Event event, Event read) {}
}
