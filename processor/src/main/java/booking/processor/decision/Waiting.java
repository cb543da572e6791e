package booking.processor.decision;

import java.time.Instant;
import java.util.UUID;

/**
 * Somebody in the line for an event's seats.
 *
 * @param id the id of the command that joined
 * @param quantity how many seats are waited for, all at once
 * @param place the version that the event got by the joining, which orders the line
 */
public record Waiting(UUID id, String eventId, String userId, int quantity, long place, Instant joinedAt) {}
