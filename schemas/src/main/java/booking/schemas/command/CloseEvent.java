package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.util.OptionalLong;
import java.util.UUID;

/** Asks that an event takes no further bookings. */
public record CloseEvent(UUID commandId, String eventId, OptionalLong expectedVersion) implements Command {

    /** @throws IllegalArgumentException when a value is out of its range; the message names the field */
    public CloseEvent {
        requireNonNull(commandId, "commandId is null");
        FieldRules.requireEventId(eventId);
        FieldRules.requireVersion(expectedVersion);
    }

    @Override
    public CommandType type() {
        return CommandType.CLOSE_EVENT;
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.closeEvent(this);
    }
}
