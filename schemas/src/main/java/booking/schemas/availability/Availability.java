package booking.schemas.availability;

import static java.util.Objects.requireNonNull;

import booking.schemas.result.EventSnapshot;
import java.time.Instant;

/**
 * An event's latest state. The topic keeps the last one of each event.
 *
 * @param snapshot version and counters
 * @param updatedAt the time that the log gave the command which changed the event last
 */
public record Availability(
        String eventId,
        String name,
        Instant date,
        String venue,
        EventStatus status,
        EventSnapshot snapshot,
        Instant updatedAt) {

    public Availability {
        requireNonNull(eventId, "eventId is null");
        requireNonNull(name, "name is null");
        requireNonNull(date, "date is null");
        requireNonNull(venue, "venue is null");
        requireNonNull(status, "status is null");
        requireNonNull(snapshot, "snapshot is null");
        requireNonNull(updatedAt, "updatedAt is null");
    }

    /** True when no seat is left. */
    public boolean isBooked() {
        return snapshot.available() == 0;
    }
}
