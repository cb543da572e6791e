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
import java.util.OptionalInt;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** All SQL of the gateway. */
public final class BookingReads {
    private static final String EVENT_COLUMNS =
            "id, name, date, venue, status, version, capacity, confirmed, held, updated_at, per_user_limit,"
                    + " sales_open_at, sales_close_at";

    private static final String READ_EVENT = "SELECT " + EVENT_COLUMNS + " FROM events WHERE id = ?";

    // In the order of their characters whatever the database's collation is, so that clients know it.
    private static final String READ_EVENTS_AFTER = "SELECT " + EVENT_COLUMNS + """
             FROM events
            WHERE id COLLATE "C" > ?
            ORDER BY id COLLATE "C" LIMIT ?
            """;

    // Looks at one event after the other: good for tens of thousands of them, and never for more than a page.
    private static final String SEARCH_EVENTS_AFTER = "SELECT " + EVENT_COLUMNS + """
             FROM events
            WHERE id COLLATE "C" > :after AND (id ILIKE :text OR name ILIKE :text OR venue ILIKE :text)
            ORDER BY id COLLATE "C" LIMIT :most
            """;

    private static final String READ_WAITLIST_OF_USER = """
            SELECT mine.event_id, mine.quantity, mine.joined_at,
                (SELECT count(*) FROM waitlist AS line WHERE line.event_id = mine.event_id AND line.place <= mine.place)
                    AS waitlist_position
            FROM waitlist AS mine
            WHERE mine.user_id = ?
            ORDER BY mine.joined_at, mine.event_id
            LIMIT 1000
            """;

    private static final String READ_BOOKINGS = """
            SELECT id, event_id, user_id, quantity, status, hold_expires_at, created_at, updated_at
            FROM bookings
            """;

    private static final String READ_BOOKING = READ_BOOKINGS + "WHERE id = ? AND event_id = ?";

    // A range of one value rather than an equation: for that PostgreSQL drops the column from the order, and prefers to
    // walk along the ids of all bookings until it has found enough of these.
    private static final String READ_FIRST_BOOKINGS = READ_BOOKINGS + """
            WHERE %1$s >= :owner AND %1$s <= :owner
            ORDER BY %1$s, id
            LIMIT :most
            """;

    private static final String READ_BOOKINGS_AFTER = READ_BOOKINGS + """
            WHERE (%1$s, id) > (:owner, :after) AND %1$s <= :owner
            ORDER BY %1$s, id
            LIMIT :most
            """;

    private static final String READ_RESULT = "SELECT result FROM outcomes WHERE command_id = ?";

    // Both in one statement: between two of them the command could be decided, and would look as if it had never been.
    private static final String READ_PROGRESS = """
            SELECT
                (SELECT result FROM outcomes WHERE command_id = ?) AS result,
                (SELECT next_offset FROM partition_progress WHERE topic_id = ? AND partition = ?) AS next_offset
            """;

    // Every row says which transaction wrote it (PostgreSQL, 5.6. System Columns).
    private static final String READ_RECENT_BATCHES = """
            SELECT count(*) AS commands, count(DISTINCT writer) AS transactions
            FROM (
                SELECT xmin::text AS writer FROM outcomes
                WHERE decided_at > now() - interval '10 seconds' ORDER BY decided_at DESC LIMIT 5000
            ) AS recent
            """;

    private static final String CHECK = "SELECT count(*) FROM (SELECT FROM partition_progress LIMIT 1) AS readable";

    private final JdbcClient database;

    BookingReads(JdbcClient database) {
        this.database = database;
    }

    /** The event with this id. */
    public Optional<StoredEvent> event(String eventId) {
        if (cannotBeStored(eventId)) {
            return Optional.empty();
        }
        return database.sql(READ_EVENT)
                .param(eventId)
                .query(BookingReads::event)
                .optional();
    }

    /**
     * Events whose ids come after the given text, in the order of their characters, at most so many.
     *
     * @param search text that id, name or venue must contain, in upper or lower case
     */
    public Page<StoredEvent> eventsAfter(String after, Optional<String> search, int limit) {
        if (cannotBeStored(after) || search.filter(BookingReads::cannotBeStored).isPresent()) {
            return new Page<>(List.of(), Optional.empty());
        }
        StatementSpec statement = search.map(text -> database.sql(SEARCH_EVENTS_AFTER)
                        .param("after", after)
                        .param("text", "%" + text.replaceAll("([\\\\%_])", "\\\\$1") + "%")
                        .param("most", limit + 1))
                .orElseGet(() -> database.sql(READ_EVENTS_AFTER).params(after, limit + 1));
        List<StoredEvent> found = statement.query(BookingReads::event).list();
        return Page.upTo(limit, found, event -> event.availability().eventId());
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

    /** Bookings of this event whose ids come after the given one, at most so many; empty when there is no such event. */
    public Optional<Page<StoredBooking>> bookingsOfEvent(String eventId, Optional<UUID> after, int limit) {
        // An event is never deleted, so the two statements cannot contradict each other.
        return event(eventId).map(event -> bookings("event_id", eventId, after, limit));
    }

    /** Bookings of this user whose ids come after the given one, at most so many. */
    public Page<StoredBooking> bookingsOfUser(String userId, Optional<UUID> after, int limit) {
        if (cannotBeStored(userId)) {
            return new Page<>(List.of(), Optional.empty());
        }
        return bookings("user_id", userId, after, limit);
    }

    /** Where this user waits for seats, and how many stand before; the first thousand places, the oldest first. */
    public List<StoredWaiting> waitlistOfUser(String userId) {
        if (cannotBeStored(userId)) {
            return List.of();
        }
        return database.sql(READ_WAITLIST_OF_USER)
                .param(userId)
                .query((row, number) -> new StoredWaiting(
                        row.getString("event_id"),
                        row.getInt("quantity"),
                        instant(row, "joined_at"),
                        row.getLong("waitlist_position")))
                .list();
    }

    private Page<StoredBooking> bookings(String column, String owner, Optional<UUID> after, int limit) {
        String sql = after.isPresent() ? READ_BOOKINGS_AFTER : READ_FIRST_BOOKINGS;
        StatementSpec statement =
                database.sql(sql.formatted(column)).param("owner", owner).param("most", limit + 1);
        after.ifPresent(id -> statement.param("after", id));
        List<StoredBooking> found = statement.query(BookingReads::booking).list();
        return Page.upTo(limit, found, booking -> booking.bookingId().toString());
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

    /** The last few thousand decisions of the last ten seconds; nothing when there are none. */
    public Optional<DecidedBatches> recentBatches() {
        return database.sql(READ_RECENT_BATCHES)
                .query((row, number) -> new DecidedBatches(row.getLong("commands"), row.getLong("transactions")))
                .optional()
                .filter(batches -> batches.transactions() > 0);
    }

    /** Fails when the tables cannot be read. */
    void check() {
        var unused = database.sql(CHECK).query(Long.class).single();
    }

    /** PostgreSQL's text has no NUL, and refuses a parameter with one. */
    private static boolean cannotBeStored(String text) {
        return text.indexOf('\0') >= 0;
    }

    private static StoredEvent event(ResultSet row, int number) throws SQLException {
        Availability availability = new Availability(
                row.getString("id"),
                row.getString("name"),
                instant(row, "date"),
                row.getString("venue"),
                EventStatus.valueOf(row.getString("status")),
                new EventSnapshot(
                        row.getLong("version"), row.getInt("capacity"), row.getInt("confirmed"), row.getInt("held")),
                instant(row, "updated_at"));
        int perUserLimit = row.getInt("per_user_limit");
        return new StoredEvent(
                availability,
                row.wasNull() ? OptionalInt.empty() : OptionalInt.of(perUserLimit),
                optionalInstant(row, "sales_open_at"),
                optionalInstant(row, "sales_close_at"));
    }

    private static StoredBooking booking(ResultSet row, int number) throws SQLException {
        return new StoredBooking(
                row.getObject("id", UUID.class),
                row.getString("event_id"),
                row.getString("user_id"),
                row.getInt("quantity"),
                BookingStatus.valueOf(row.getString("status")),
                optionalInstant(row, "hold_expires_at"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static Optional<Instant> optionalInstant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
