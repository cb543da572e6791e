package booking.auditor;

import booking.schemas.result.BookingStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.jspecify.annotations.Nullable;

/**
 * A booking as the model has it.
 *
 * @param holdExpiresAt while it is held
 */
record BookingState(
        String eventId,
        String userId,
        int quantity,
        BookingStatus status,
        @Nullable Instant holdExpiresAt,
        Instant createdAt,
        Instant updatedAt) {

    static final ScratchType<BookingState> TYPE = new ScratchType<>(
            250,
            (to, booking) -> {
                ScratchType.putText(to, booking.eventId);
                ScratchType.putText(to, booking.userId);
                to.putVarInt(booking.quantity);
                ScratchType.putText(to, booking.status.name());
                ScratchType.putTime(to, booking.holdExpiresAt);
                ScratchType.putTime(to, booking.createdAt);
                ScratchType.putTime(to, booking.updatedAt);
            },
            from -> new BookingState(
                    ScratchType.text(from),
                    ScratchType.text(from),
                    DataUtils.readVarInt(from),
                    BookingStatus.valueOf(ScratchType.text(from)),
                    ScratchType.optionalTime(from),
                    ScratchType.time(from),
                    ScratchType.time(from)));

    /** What becomes of it; it is no hold any more. */
    BookingState ended(BookingStatus newStatus, Instant at) {
        return new BookingState(eventId, userId, quantity, newStatus, null, createdAt, at);
    }

    /** What its row has. */
    Map<String, String> row() {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("event_id", eventId);
        row.put("user_id", userId);
        row.put("quantity", Integer.toString(quantity));
        row.put("status", status.name());
        if (holdExpiresAt != null) {
            row.put("hold_expires_at", holdExpiresAt.toString());
        }
        row.put("created_at", createdAt.toString());
        row.put("updated_at", updatedAt.toString());
        return row;
    }
}
