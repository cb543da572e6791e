package booking.schemas.result;

/**
 * An event's counters right after a decision.
 *
 * @param version counts the changes of the event, from 1
 * @param capacity how many seats it has, at least 1
 * @param confirmed seats in confirmed bookings
 * @param held seats in holds
 */
public record EventSnapshot(long version, int capacity, int confirmed, int held) {
    public EventSnapshot {
        if (version < 1 || capacity < 1 || confirmed < 0 || held < 0 || (long) confirmed + held > capacity) {
            throw new IllegalArgumentException("no event looks like this: version " + version + ", capacity " + capacity
                    + ", confirmed " + confirmed + ", held " + held);
        }
    }

    /** Seats that are neither confirmed nor held. */
    public int available() {
        return capacity - confirmed - held;
    }
}
