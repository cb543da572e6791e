package booking.gateway.read;

import booking.schemas.result.BookingStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A booking as the tables have it.
 *
 * @param holdExpiresAt when its seats are free again; there while it is held
 */
public record StoredBooking(
        UUID bookingId,
        String eventId,
        String userId,
        int quantity,
        BookingStatus status,
        Optional<Instant> holdExpiresAt,
        Instant createdAt,
        Instant updatedAt) {}
