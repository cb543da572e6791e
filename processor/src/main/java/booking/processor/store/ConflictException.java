package booking.processor.store;

import java.util.Set;

/** Somebody else changed these events after we had read them; nothing of the batch may be saved. */
public final class ConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Set<String> eventIds;

    ConflictException(Set<String> eventIds) {
        super("changed by another writer: " + eventIds);
        this.eventIds = Set.copyOf(eventIds);
    }

    /** The events that were changed. */
    public Set<String> eventIds() {
        return eventIds;
    }
}
