package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Asks to give the seats of a booking back.
 *
 * @param bookingId the booking, which is the {@code commandId} of the command that made it
 * @param userId who asks; when given, it must be the booking's owner
 */
public record Cancel(
        UUID commandId, String eventId, UUID bookingId, Optional<String> userId, OptionalLong expectedVersion)
        implements Command {

    /** @throws IllegalArgumentException when a value is out of its range; the message names the field */
    public Cancel {
        requireNonNull(commandId, "commandId is null");
        FieldRules.requireEventId(eventId);
        requireNonNull(bookingId, "bookingId is null");
        userId.ifPresent(user -> FieldRules.requireText("userId", user, 128));
        FieldRules.requireVersion(expectedVersion);
    }

    @Override
    public CommandType type() {
        return CommandType.CANCEL;
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.cancel(this);
    }
}
