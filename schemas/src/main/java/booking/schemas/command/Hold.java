package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Asks to keep seats for a while. The booking that comes of it has the {@code commandId} as its id.
 *
 * @param userId who the seats are for, 1 to 128 characters
 * @param quantity how many seats, at least 1
 * @param holdSeconds how long they are kept unless the hold is confirmed, 1 to 86400
 * @param waitlistId the {@code commandId} of a {@link JoinWaitlist}: this hold is the offer to that entry, and is made
 *     only while the entry waits and it is its turn
 */
public record Hold(
        UUID commandId,
        String eventId,
        String userId,
        int quantity,
        int holdSeconds,
        Optional<UUID> waitlistId,
        OptionalLong expectedVersion)
        implements Command {

    /** @throws IllegalArgumentException when a value is out of its range; the message names the field */
    public Hold {
        requireNonNull(commandId, "commandId is null");
        FieldRules.requireEventId(eventId);
        FieldRules.requireText("userId", userId, 128);
        FieldRules.requireAtLeastOne("quantity", quantity);
        FieldRules.requireHoldSeconds(holdSeconds);
        requireNonNull(waitlistId, "waitlistId is null");
        FieldRules.requireVersion(expectedVersion);
    }

    @Override
    public CommandType type() {
        return CommandType.HOLD;
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.hold(this);
    }
}
