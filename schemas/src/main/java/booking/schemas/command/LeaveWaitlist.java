package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * Asks to be taken out of the line.
 *
 * @param userId who waits; they leave with all that they wait for
 * @param quantity at least 1; nothing hangs on it
 */
public record LeaveWaitlist(UUID commandId, String eventId, String userId, int quantity, OptionalLong expectedVersion)
        implements Command {

    /** @throws IllegalArgumentException when a value is out of its range; the message names the field */
    public LeaveWaitlist {
        requireNonNull(commandId, "commandId is null");
        FieldRules.requireEventId(eventId);
        FieldRules.requireText("userId", userId, 128);
        FieldRules.requireAtLeastOne("quantity", quantity);
        FieldRules.requireVersion(expectedVersion);
    }

    @Override
    public CommandType type() {
        return CommandType.LEAVE_WAITLIST;
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.leaveWaitlist(this);
    }
}
