package booking.schemas.result;

import static java.util.Objects.requireNonNull;

import booking.schemas.command.CommandType;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * The command was carried out.
 *
 * @param changed the booking that was made or changed; empty for a command about the event itself
 * @param snapshot the event right after the decision
 */
public record Accepted(
        CommandType type,
        UUID commandId,
        String eventId,
        Optional<ChangedBooking> changed,
        EventSnapshot snapshot,
        Position position,
        Instant decidedAt)
        implements Result {

    public Accepted {
        requireNonNull(type, "type is null");
        requireNonNull(commandId, "commandId is null");
        requireNonNull(eventId, "eventId is null");
        requireNonNull(changed, "changed is null");
        requireNonNull(snapshot, "snapshot is null");
        requireNonNull(position, "position is null");
        requireNonNull(decidedAt, "decidedAt is null");
        boolean aboutABooking = type != CommandType.CREATE_EVENT;
        if (changed.isPresent() != aboutABooking) {
            throw new IllegalArgumentException(
                    "an accepted " + type.wireName() + " has " + (aboutABooking ? "a" : "no") + " changed booking");
        }
    }

    /** A booking as the command left it. */
    public record ChangedBooking(UUID bookingId, BookingStatus status, String userId, int quantity) {
        public ChangedBooking {
            requireNonNull(bookingId, "bookingId is null");
            requireNonNull(status, "status is null");
            requireNonNull(userId, "userId is null");
            if (quantity < 1) {
                throw new IllegalArgumentException("quantity must be at least 1, was " + quantity);
            }
        }
    }

    @Override
    public Optional<CommandType> commandType() {
        return Optional.of(type);
    }

    @Override
    public Optional<UUID> booking() {
        return changed.map(ChangedBooking::bookingId);
    }

    @Override
    public Optional<String> userId() {
        return changed.map(ChangedBooking::userId);
    }

    @Override
    public OptionalInt quantity() {
        return changed.isPresent() ? OptionalInt.of(changed.get().quantity()) : OptionalInt.empty();
    }

    @Override
    public Optional<EventSnapshot> event() {
        return Optional.of(snapshot);
    }
}
