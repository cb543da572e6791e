package booking.processor.decision;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/** What the rules may look at. */
public interface Books {

    Optional<Event> event(String eventId);

    /** The booking with this id, of whichever event. */
    Optional<Booking> booking(UUID bookingId);

    /** The event that has this venue at this date. */
    Optional<String> eventAt(Slot slot);

    /** Of the holds of this event that have run out by now and still take their seats, the one that ran out first. */
    Optional<Booking> expiredHold(String eventId, Instant now);

    /** The seats that this user has in this event, confirmed and held. */
    long seatsOf(String eventId, String userId);

    /** Those who wait for seats in this event, the first to join first. */
    Collection<Waiting> line(String eventId);

    /** The place that this user has in the line of this event. */
    Optional<Waiting> place(String eventId, String userId);

    /** Whom the free seats of this event, as it stands, are for. */
    default Turns turns(Event event) {
        return Turns.of(Line.toServe(event, line(event.id()), user -> seatsOf(event.id(), user)));
    }
}
