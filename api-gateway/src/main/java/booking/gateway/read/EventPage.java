package booking.gateway.read;

import booking.schemas.availability.Availability;
import java.util.List;
import java.util.Optional;

/**
 * Some events in the order of their ids.
 *
 * @param after where the next page starts; empty when this is the last one
 */
public record EventPage(List<Availability> events, Optional<String> after) {
    public EventPage {
        events = List.copyOf(events);
    }
}
