package booking.processor.decision;

import booking.schemas.result.BookingStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A booking as it stands.
 *
 * @param id the id of the command that made it
 * @param holdExpiresAt the first instant at which it no longer takes its seats; present while it is a hold
 * @param updatedAt the time of the command that changed it last, or when a hold ran out
 */
public record Booking(
        UUID id,
        String eventId,
        String userId,
        int quantity,
        BookingStatus status,
        Optional<Instant> holdExpiresAt,
        Instant createdAt,
        Instant updatedAt) {

    /** Seats that it takes in the count of confirmed seats. */
    public int confirmedSeats() {
        return status == BookingStatus.CONFIRMED ? quantity : 0;
    }

    /** Seats that it takes in the count of held seats. */
    public int heldSeats() {
        return status == BookingStatus.HELD ? quantity : 0;
    }

    /** Whether it is a hold that has run out by then. */
    public boolean hasRunOutBy(Instant at) {
        return holdExpiresAt.isPresent() && !at.isBefore(holdExpiresAt.get());
    }

    Booking confirmed(Instant at) {
        return ended(BookingStatus.CONFIRMED, at);
    }

    Booking cancelled(Instant at) {
        return ended(BookingStatus.CANCELLED, at);
    }

    Booking expired(Instant at) {
        return ended(BookingStatus.EXPIRED, at);
    }

    /** Whatever becomes of it, it is no hold any more. */
    private Booking ended(BookingStatus newStatus, Instant at) {
        return new Booking(id, eventId, userId, quantity, newStatus, Optional.empty(), createdAt, at);
    }
}
