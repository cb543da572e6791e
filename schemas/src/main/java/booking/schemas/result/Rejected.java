package booking.schemas.result;

import static java.util.Objects.requireNonNull;

import booking.schemas.command.CommandType;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * The command was not carried out, and changed nothing.
 *
 * @param reason why, for machines
 * @param detail why, for people
 */
public record Rejected(
        Optional<CommandType> commandType,
        UUID commandId,
        String eventId,
        Reason reason,
        String detail,
        Optional<UUID> booking,
        Optional<String> userId,
        OptionalInt quantity,
        Optional<EventSnapshot> event,
        Position position,
        Instant decidedAt)
        implements Result {

    public Rejected {
        requireNonNull(commandType, "commandType is null");
        requireNonNull(commandId, "commandId is null");
        requireNonNull(eventId, "eventId is null");
        requireNonNull(reason, "reason is null");
        requireNonNull(detail, "detail is null");
        requireNonNull(booking, "booking is null");
        requireNonNull(userId, "userId is null");
        requireNonNull(quantity, "quantity is null");
        requireNonNull(event, "event is null");
        requireNonNull(position, "position is null");
        requireNonNull(decidedAt, "decidedAt is null");
        if (quantity.isPresent() && quantity.getAsInt() < 1) {
            throw new IllegalArgumentException("quantity must be at least 1, was " + quantity.getAsInt());
        }
    }
}
