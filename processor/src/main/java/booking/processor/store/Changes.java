package booking.processor.store;

import booking.processor.decision.Booking;
import booking.processor.decision.Event;
import booking.processor.decision.Waiting;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a batch of decisions changes.
 *
 * @param createdEvents events that were not there before
 * @param changedEvents events that were, as they shall be and as they were read
 * @param madeBookings bookings that were not there before
 * @param changedBookings bookings that were, as they shall be and as they were read
 * @param joined who was in no line before
 * @param left who was, and is no longer
 * @param outcomes the answers to commands that had none, by command id
 */
public record Changes(
        List<Event> createdEvents,
        List<ChangedEvent> changedEvents,
        List<Booking> madeBookings,
        List<ChangedBooking> changedBookings,
        List<Waiting> joined,
        List<Waiting> left,
        Map<UUID, StoredOutcome> outcomes) {

    /** An event as it shall be, if it still is as it was read. */
    public record ChangedEvent(Event event, Event read) {}

    /** A booking as it shall be, if its status still is what was read. */
    public record ChangedBooking(Booking booking, Booking read) {}
}
