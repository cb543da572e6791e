package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * Asks to make a hold a booking that stays.
 *
 * @param bookingId the hold, which is the {@code commandId} of the command that made it
 */
public record Confirm(UUID commandId, String eventId, UUID bookingId, OptionalLong expectedVersion) implements Command {

    /** @throws IllegalArgumentException when a value is out of its range; the message names the field */
    public Confirm {
        requireNonNull(commandId, "commandId is null");
        FieldRules.requireEventId(eventId);
        requireNonNull(bookingId, "bookingId is null");
        FieldRules.requireVersion(expectedVersion);
    }

    @Override
    public CommandType type() {
        return CommandType.CONFIRM;
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.confirm(this);
    }
}
