package booking.processor.decision;

import java.util.Optional;
import java.util.UUID;

/** What the rules may look at. */
public interface Books {

    Optional<Event> event(String eventId);

    /** The booking with this id, of whichever event. */
    Optional<Booking> booking(UUID bookingId);

    /** The event that has this venue at this date. */
    Optional<String> eventAt(Slot slot);
}
