package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * Asks for a place in the line for seats that become free. The entry that comes of it has the {@code commandId} as its
 * id.
 *
 * @param userId who waits, 1 to 128 characters
 * @param quantity how many seats they wait for, at least 1
 */
public record JoinWaitlist(UUID commandId, String eventId, String userId, int quantity, OptionalLong expectedVersion)
        implements Command {

    /** @throws IllegalArgumentException when a value is out of its range; the message names the field */
    public JoinWaitlist {
        requireNonNull(commandId, "commandId is null");
        FieldRules.requireEventId(eventId);
        FieldRules.requireText("userId", userId, 128);
        FieldRules.requireAtLeastOne("quantity", quantity);
        FieldRules.requireVersion(expectedVersion);
    }

    @Override
    public CommandType type() {
        return CommandType.JOIN_WAITLIST;
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.joinWaitlist(this);
    }
}
