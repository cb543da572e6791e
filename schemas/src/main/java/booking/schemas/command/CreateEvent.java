package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Asks for a new event. No two events share a venue and a date.
 *
 * @param name what people call it, 1 to 255 characters
 * @param date when it takes place, kept to the microsecond
 * @param venue where it takes place, 1 to 255 characters
 * @param capacity how many seats it has, at least 1
 */
public record CreateEvent(UUID commandId, String eventId, String name, Instant date, String venue, int capacity)
        implements Command {

    /** The venue of an event that names none. */
    public static final String DEFAULT_VENUE = "main";

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** @throws IllegalArgumentException when a value is out of its range; the message names the field */
    public CreateEvent {
        requireNonNull(commandId, "commandId is null");
        FieldRules.requireEventId(eventId);
        FieldRules.requireText("name", name, 255);
        requireNonNull(date, "date is null");
        // PostgreSQL keeps microseconds; cutting here makes what is decided and what is stored the same.
        date = date.truncatedTo(ChronoUnit.MICROS);
        if (date.isBefore(EARLIEST) || date.isAfter(LATEST)) {
            throw new IllegalArgumentException("date must be in the years 0001 to 9999 (UTC), was " + date);
        }
        FieldRules.requireText("venue", venue, 255);
        FieldRules.requireAtLeastOne("capacity", capacity);
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
