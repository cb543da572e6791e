package booking.gateway.read;

import booking.schemas.result.BookingStatus;
import java.time.Instant;
import java.util.UUID;

/** A booking as the tables have it. */
public record StoredBooking(
        UUID bookingId,
        String eventId,
        String userId,
        int quantity,
        BookingStatus status,
        Instant createdAt,
        Instant updatedAt) {}
