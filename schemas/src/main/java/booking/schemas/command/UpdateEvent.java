package booking.schemas.command;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Asks to change an event. What is not given stays as it is, and at least one thing is given; a limit or a time that
 * was set can be moved but not taken away.
 *
 * @param name what people call it, 1 to 255 characters
 * @param date when it takes place, kept to the microsecond
 * @param venue where it takes place, 1 to 255 characters
 * @param capacity how many seats it has, at least 1
 * @param perUserLimit how many seats one user may have, at least 1
 * @param salesOpenAt from when seats can be had
 * @param salesCloseAt from when seats can be had no longer; after {@code salesOpenAt} if that is given too
 */
public record UpdateEvent(
        UUID commandId,
        String eventId,
        Optional<String> name,
        Optional<Instant> date,
        Optional<String> venue,
        OptionalInt capacity,
        OptionalInt perUserLimit,
        Optional<Instant> salesOpenAt,
        Optional<Instant> salesCloseAt,
        OptionalLong expectedVersion)
        implements Command {

    /** @throws IllegalArgumentException when a value is out of its range; the message names the field */
    public UpdateEvent {
        requireNonNull(commandId, "commandId is null");
        FieldRules.requireEventId(eventId);
        name.ifPresent(text -> FieldRules.requireText("name", text, 255));
        date = FieldRules.instant("date", date);
        venue.ifPresent(text -> FieldRules.requireText("venue", text, 255));
        FieldRules.requireAtLeastOne("capacity", capacity);
        FieldRules.requireAtLeastOne("perUserLimit", perUserLimit);
        salesOpenAt = FieldRules.instant("salesOpenAt", salesOpenAt);
        salesCloseAt = FieldRules.instant("salesCloseAt", salesCloseAt);
        FieldRules.requireOpenBeforeClose(salesOpenAt, salesCloseAt);
        boolean nothingGiven = name.isEmpty()
                && date.isEmpty()
                && venue.isEmpty()
                && capacity.isEmpty()
                && perUserLimit.isEmpty()
                && salesOpenAt.isEmpty()
                && salesCloseAt.isEmpty();
        if (nothingGiven) {
            throw new IllegalArgumentException("updateEvent must give at least one of name, date, venue, capacity,"
                    + " perUserLimit, salesOpenAt, salesCloseAt");
        }
        FieldRules.requireVersion(expectedVersion);
    }

    @Override
    public CommandType type() {
        return CommandType.UPDATE_EVENT;
    }

    @Override
    public <R> R match(Cases<R> cases) {
        return cases.updateEvent(this);
    }
}
