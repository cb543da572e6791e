package booking.gateway.read;

import java.time.Instant;

/**
 * A user's place in the line of an event.
 *
 * @param quantity of seats that are waited for
 * @param waitlistPosition in the line, 1 is next
 */
public record StoredWaiting(String eventId, int quantity, Instant joinedAt, long waitlistPosition) {}
