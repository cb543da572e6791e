package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * Asks for seats. The booking that comes of it has the {@code commandId} as its id.
 *
 * @param userId who the seats are for, 1 to 128 characters
 * @param quantity how many seats, at least 1
 */
public record Book(UUID commandId, String eventId, String userId, int quantity, OptionalLong expectedVersion)
        implements Command {

    /** @throws IllegalArgumentException when a value is out of its range; the message names the field */
    public Book {
        requireNonNull(commandId, "commandId is null");
        FieldRules.requireEventId(eventId);
        FieldRules.requireText("userId", userId, 128);
        FieldRules.requireAtLeastOne("quantity", quantity);
        FieldRules.requireVersion(expectedVersion);
    }

    @Override
    public CommandType type() {
        return CommandType.BOOK;
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.book(this);
    }
}
