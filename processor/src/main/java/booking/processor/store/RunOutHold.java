package booking.processor.store;

import java.util.UUID;

/** A hold that has run out and still takes its seats. */
public record RunOutHold(String eventId, UUID bookingId) {}
