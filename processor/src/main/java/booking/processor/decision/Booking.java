package booking.processor.decision;

import booking.schemas.result.BookingStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * A booking as it stands.
 *
 * @param id the id of the command that made it
 * @param updatedAt the time of the command that changed it last
 */
public record Booking(
        UUID id,
        String eventId,
        String userId,
        int quantity,
        BookingStatus status,
        Instant createdAt,
        Instant updatedAt) {

    Booking cancelled(Instant at) {
        return new Booking(id, eventId, userId, quantity, BookingStatus.CANCELLED, createdAt, at);
    }
}
