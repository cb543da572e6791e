package booking.processor.decision;

import booking.schemas.availability.Availability;
import booking.schemas.availability.EventStatus;
import booking.schemas.result.EventSnapshot;
import java.time.Instant;

/**
 * An event as it stands. A change makes it the next version.
 *
 * @param version counts its changes, from 1
 * @param capacity its seats
 * @param confirmed seats in confirmed bookings
 * @param held seats in holds
 * @param waiting how many stand in the line
 * @param createdAt the time of the command that made it
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
        SalesTerms sales,
        int waiting,
        Instant createdAt,
        Instant updatedAt) {

    public int available() {
        return capacity - confirmed - held;
    }

    /** An event of one place is booked rather than sold out, and the database guards it by an index of its own. */
    public boolean hasOnePlace() {
        return capacity == 1;
    }

    /** The event after seats were taken, or given back where a number is negative. */
    Event withSeats(int moreConfirmed, int moreHeld, Instant at) {
        return new Event(
                id,
                name,
                slot,
                status,
                version + 1,
                capacity,
                confirmed + moreConfirmed,
                held + moreHeld,
                sales,
                waiting,
                createdAt,
                at);
    }

    Event closed(Instant at) {
        return new Event(
                id,
                name,
                slot,
                EventStatus.CLOSED,
                version + 1,
                capacity,
                confirmed,
                held,
                sales,
                waiting,
                createdAt,
                at);
    }

    Event withDescription(String newName, Slot newSlot, int newCapacity, SalesTerms newSales, Instant at) {
        return new Event(
                id,
                newName,
                newSlot,
                status,
                version + 1,
                newCapacity,
                confirmed,
                held,
                newSales,
                waiting,
                createdAt,
                at);
    }

    /** The event after somebody joined the line. */
    Event withOneMoreWaiting(Instant at) {
        return new Event(
                id, name, slot, status, version + 1, capacity, confirmed, held, sales, waiting + 1, createdAt, at);
    }

    /** The same change, by which somebody also left the line. */
    Event andOneLessWaiting() {
        return new Event(
                id,
                name,
                slot,
                status,
                version,
                capacity,
                confirmed,
                held,
                sales,
                Math.max(0, waiting - 1),
                createdAt,
                updatedAt);
    }

    /** The event after somebody left the line. */
    Event withOneLessWaiting(Instant at) {
        return withSeats(0, 0, at).andOneLessWaiting();
    }

    public EventSnapshot snapshot() {
        return new EventSnapshot(version, capacity, confirmed, held);
    }

    public Availability availability() {
        return new Availability(id, name, slot.date(), slot.venue(), status, snapshot(), updatedAt);
    }
}
