package booking.processor.decision;

import booking.schemas.availability.Availability;
import booking.schemas.availability.EventStatus;
import booking.schemas.result.EventSnapshot;
import java.time.Instant;

/**
 * An event as it stands.
 *
 * @param version counts its changes, from 1
 * @param capacity its seats
 * @param confirmed seats in confirmed bookings
 * @param held seats in holds
 * @param updatedAt the time of the command that changed it last
 */
public record Event(
        String id,
        String name,
        Slot slot,
        EventStatus status,
        long version,
        int capacity,
        int confirmed,
        int held,
        Instant updatedAt) {

    public int available() {
        return capacity - confirmed - held;
    }

    /** An event of one place is booked rather than sold out, and the database guards it by an index of its own. */
    public boolean hasOnePlace() {
        return capacity == 1;
    }

    /** The event after seats were confirmed, or given back when {@code seats} is negative. */
    Event withConfirmed(int seats, Instant at) {
        return new Event(id, name, slot, status, version + 1, capacity, confirmed + seats, held, at);
    }

    public EventSnapshot snapshot() {
        return new EventSnapshot(version, capacity, confirmed, held);
    }

    public Availability availability() {
        return new Availability(id, name, slot.date(), slot.venue(), status, snapshot(), updatedAt);
    }
}
