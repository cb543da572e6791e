package booking.gateway.read;

import booking.schemas.availability.Availability;
import booking.schemas.availability.EventStatus;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.EventSnapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** All SQL of the gateway. Every method is one statement, so it sees one moment. */
public final class BookingReads {
    private static final String EVENT_COLUMNS =
            "id, name, date, venue, status, version, capacity, confirmed, held, updated_at";

    private static final String READ_EVENT = "SELECT " + EVENT_COLUMNS + " FROM events WHERE id = ?";

    private static final String READ_EVENTS_AFTER =
            "SELECT " + EVENT_COLUMNS + " FROM events WHERE id > ? ORDER BY id LIMIT ?";

    private static final String READ_BOOKING = """
            SELECT id, event_id, user_id, quantity, status, created_at, updated_at
            FROM bookings
            WHERE id = ? AND event_id = ?
            """;

    private static final String READ_RESULT = "SELECT result FROM outcomes WHERE command_id = ?";

    // Both in one statement: between two of them the command could be decided, and would look as if it had never been.
    private static final String READ_PROGRESS = """
            SELECT
                (SELECT result FROM outcomes WHERE command_id = ?) AS result,
                (SELECT next_offset FROM partition_progress WHERE topic_id = ? AND partition = ?) AS next_offset
            """;

    private static final String CHECK = "SELECT count(*) FROM (SELECT FROM partition_progress LIMIT 1) AS readable";

    private final JdbcClient database;

    BookingReads(JdbcClient database) {
        this.database = database;
    }

    /** The event with this id. */
    public Optional<Availability> event(String eventId) {
        if (cannotBeStored(eventId)) {
            return Optional.empty();
        }
        return database.sql(READ_EVENT)
                .param(eventId)
                .query(BookingReads::event)
                .optional();
    }

    /** Events whose ids come after the given text, at most so many. */
    public EventPage eventsAfter(String after, int limit) {
        if (cannotBeStored(after)) {
            return new EventPage(List.of(), Optional.empty());
        }
        // One more than asked for tells whether there is a next page.
        List<Availability> events = database.sql(READ_EVENTS_AFTER)
                .params(after, limit + 1)
                .query(BookingReads::event)
                .list();
        if (events.size() <= limit) {
            return new EventPage(events, Optional.empty());
        }
        return new EventPage(
                events.subList(0, limit), Optional.of(events.get(limit - 1).eventId()));
    }

    /** The booking with this id, when it is one of this event's. */
    public Optional<StoredBooking> booking(String eventId, UUID bookingId) {
        if (cannotBeStored(eventId)) {
            return Optional.empty();
        }
        return database.sql(READ_BOOKING)
                .params(bookingId, eventId)
                .query(BookingReads::booking)
                .optional();
    }

    /** The stored result of a command, JSON. */
    public Optional<String> result(UUID commandId) {
        return database.sql(READ_RESULT).param(commandId).query(String.class).optional();
    }

    /** The stored result of a command, and how far the partition that it stands in has been decided. */
    public CommandProgress progress(UUID commandId, UUID topicId, int partition) {
        return database.sql(READ_PROGRESS)
                .params(commandId, topicId, partition)
                .query((row, number) ->
                        new CommandProgress(Optional.ofNullable(row.getString("result")), row.getLong("next_offset")))
                .single();
    }

    /** Fails when the tables cannot be read. */
    public void check() {
        var unused = database.sql(CHECK).query(Long.class).single();
    }

    /** PostgreSQL's text has no NUL, and refuses a parameter with one. */
    private static boolean cannotBeStored(String text) {
        return text.indexOf('\0') >= 0;
    }

    private static Availability event(ResultSet row, int number) throws SQLException {
        return new Availability(
                row.getString("id"),
                row.getString("name"),
                instant(row, "date"),
                row.getString("venue"),
                EventStatus.valueOf(row.getString("status")),
                new EventSnapshot(
                        row.getLong("version"), row.getInt("capacity"), row.getInt("confirmed"), row.getInt("held")),
                instant(row, "updated_at"));
    }

    private static StoredBooking booking(ResultSet row, int number) throws SQLException {
        return new StoredBooking(
                row.getObject("id", UUID.class),
                row.getString("event_id"),
                row.getString("user_id"),
                row.getInt("quantity"),
                BookingStatus.valueOf(row.getString("status")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
