package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Asks for a new event. No two events share a venue and a date.
 *
 * @param name what people call it, 1 to 255 characters
 * @param date when it takes place, kept to the microsecond
 * @param venue where it takes place, 1 to 255 characters
 * @param capacity how many seats it has, at least 1
 * @param perUserLimit how many seats one user may have, at least 1; without it, any number
 * @param salesOpenAt from when seats can be had; without it, from the start
 * @param salesCloseAt from when seats can be had no longer, which is after {@code salesOpenAt}; without it, never
 */
public record CreateEvent(
        UUID commandId,
        String eventId,
        String name,
        Instant date,
        String venue,
        int capacity,
        OptionalInt perUserLimit,
        Optional<Instant> salesOpenAt,
        Optional<Instant> salesCloseAt)
        implements Command {

    /** The venue of an event that names none. */
    public static final String DEFAULT_VENUE = "main";

    /** @throws IllegalArgumentException when a value is out of its range; the message names the field */
    public CreateEvent {
        requireNonNull(commandId, "commandId is null");
        FieldRules.requireEventId(eventId);
        FieldRules.requireText("name", name, 255);
        date = FieldRules.instant("date", date);
        FieldRules.requireText("venue", venue, 255);
        FieldRules.requireAtLeastOne("capacity", capacity);
        FieldRules.requireAtLeastOne("perUserLimit", perUserLimit);
        salesOpenAt = FieldRules.instant("salesOpenAt", salesOpenAt);
        salesCloseAt = FieldRules.instant("salesCloseAt", salesCloseAt);
        FieldRules.requireOpenBeforeClose(salesOpenAt, salesCloseAt);
    }

    @Override
    public CommandType type() {
        return CommandType.CREATE_EVENT;
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.createEvent(this);
    }
}
