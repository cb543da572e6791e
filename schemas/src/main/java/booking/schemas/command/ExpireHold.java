package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * Asks to give the seats of a hold back whose time is over. The processor itself writes it, through the same topic, so
 * that it is ordered with everything else.
 *
 * @param bookingId the hold, which is the {@code commandId} of the command that made it
 */
public record ExpireHold(UUID commandId, String eventId, UUID bookingId, OptionalLong expectedVersion)
        implements Command {

    /** @throws IllegalArgumentException when a value is out of its range; the message names the field */
    public ExpireHold {
        requireNonNull(commandId, "commandId is null");
        FieldRules.requireEventId(eventId);
        requireNonNull(bookingId, "bookingId is null");
        FieldRules.requireVersion(expectedVersion);
    }

    @Override
    public CommandType type() {
        return CommandType.EXPIRE_HOLD;
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.expireHold(this);
    }
}
