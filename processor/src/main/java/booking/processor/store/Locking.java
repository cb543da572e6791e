package booking.processor.store;

/** The two classic ways to keep concurrent writers of one event apart. Both hold against writers that are not ours. */
public enum Locking {
    /** Read the event, decide, and save on condition that its version has not changed meanwhile. */
    OPTIMISTIC,
    /** Lock the event's row, so that others wait, then read, decide and save. */
    PESSIMISTIC
}
