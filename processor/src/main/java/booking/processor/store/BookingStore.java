package booking.processor.store;

import booking.processor.decision.Booking;
import booking.processor.decision.Event;
import booking.processor.decision.Slot;
import booking.schemas.availability.EventStatus;
import booking.schemas.json.InstantText;
import booking.schemas.result.BookingStatus;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.RowMapper;

/**
 * Keeps events, bookings, outcomes and the progress of partitions. Every statement works on a whole batch, and is
 * meant to run inside a transaction that the caller holds.
 */
public final class BookingStore {

    private static final String ADD_MISSING_PROGRESS = """
            INSERT INTO partition_progress (topic_id, partition, next_offset)
            SELECT ?, partition, 0 FROM unnest(?) AS partition ORDER BY partition
            ON CONFLICT DO NOTHING
            """;

    // In partition order, so that two instances which both hold the same partitions for a moment cannot deadlock.
    private static final String LOCK_PROGRESS = """
            SELECT partition, next_offset FROM partition_progress
            WHERE topic_id = ? AND partition = ANY (?)
            ORDER BY partition FOR UPDATE
            """;

    private static final String MOVE_PROGRESS = """
            UPDATE partition_progress AS p SET next_offset = moved.next_offset
            FROM unnest(?, ?) AS moved (partition, next_offset)
            WHERE p.topic_id = ? AND p.partition = moved.partition AND p.next_offset < moved.next_offset
            """;

    private static final String READ_PROGRESS =
            "SELECT partition, next_offset FROM partition_progress WHERE topic_id = ?";

    private static final String FIND_OUTCOMES = """
            SELECT command_id, fingerprint, decided_at, result FROM outcomes WHERE command_id = ANY (?::uuid[])
            """;

    private static final String EVENT_COLUMNS =
            "id, name, date, venue, status, version, capacity, confirmed, held, updated_at";

    private static final String READ_EVENTS = "SELECT " + EVENT_COLUMNS + " FROM events WHERE id = ANY (?)";

    // Ordered, so that writers who lock several events do not deadlock.
    private static final String LOCK_EVENTS = READ_EVENTS + " ORDER BY id FOR UPDATE";

    private static final String LOCK_FREE_EVENTS = "SELECT id FROM events WHERE id = ANY (?) FOR UPDATE SKIP LOCKED";

    private static final String LOCK_FREE_BOOKINGS =
            "SELECT id FROM bookings WHERE id = ANY (?::uuid[]) FOR UPDATE SKIP LOCKED";

    private static final String READ_SLOTS = """
            SELECT e.venue, e.date, e.id FROM events AS e
            JOIN unnest(?, ?) AS wanted (venue, date) ON e.venue = wanted.venue AND e.date = wanted.date
            """;

    private static final String READ_BOOKINGS = """
            SELECT id, event_id, user_id, quantity, status, created_at, updated_at
            FROM bookings WHERE id = ANY (?::uuid[])
            """;

    private static final String ADD_EVENTS = """
            INSERT INTO events (id, name, date, venue, status, version, capacity, confirmed, held, created_at, updated_at)
            SELECT id, name, date, venue, status, version, capacity, confirmed, held, updated_at, updated_at
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                AS added (id, name, date, venue, status, version, capacity, confirmed, held, updated_at)
            ORDER BY venue, date
            """;

    // Conditional on the version: when somebody else wrote after we read, the event is not among those returned. The
    // counters are compared too, for writers that do not know of versions.
    private static final String CHANGE_EVENTS = """
            UPDATE events AS e
            SET version = changed.version, confirmed = changed.confirmed, held = changed.held,
                updated_at = changed.updated_at
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS changed (id, version, confirmed, held, updated_at,
                read_version, read_capacity, read_confirmed, read_held, read_status)
            WHERE e.id = changed.id AND e.version = changed.read_version
                AND e.capacity = changed.read_capacity AND e.confirmed = changed.read_confirmed
                AND e.held = changed.read_held AND e.status = changed.read_status
            RETURNING e.id
            """;

    private static final String ADD_BOOKINGS = """
            INSERT INTO bookings (id, event_id, user_id, quantity, status, created_at, updated_at, one_place)
            SELECT added.id::uuid, added.event_id, user_id, quantity, added.status, added.created_at,
                added.updated_at, e.one_place
            FROM unnest(?, ?, ?, ?, ?, ?, ?)
                AS added (id, event_id, user_id, quantity, status, created_at, updated_at)
            JOIN events AS e ON e.id = added.event_id
            """;

    // Conditional on the status: a booking gives its seats back once.
    private static final String CANCEL_BOOKINGS = """
            UPDATE bookings AS b SET status = 'CANCELLED', updated_at = cancelled.updated_at
            FROM unnest(?, ?) AS cancelled (id, updated_at)
            WHERE b.id = cancelled.id::uuid AND b.status = 'CONFIRMED'
            RETURNING b.id
            """;

    private static final String ADD_OUTCOMES = """
            INSERT INTO outcomes (command_id, fingerprint, decided_at, result)
            SELECT command_id::uuid, fingerprint, decided_at, result
            FROM unnest(?, ?, ?, ?) AS added (command_id, fingerprint, decided_at, result)
            """;

    private static final String PRUNE_OUTCOMES = """
            DELETE FROM outcomes WHERE command_id IN (
                SELECT command_id FROM outcomes WHERE decided_at < now() - make_interval(secs => ?)
                ORDER BY decided_at LIMIT ?)
            """;

    private final JdbcTemplate jdbc;

    public BookingStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Locks the progress of these partitions until the transaction ends. While we wait for it, an instance that lost
     * the partitions may still commit.
     *
     * @return for each partition the first offset that has not been decided yet
     */
    public SortedMap<Integer, Long> lockProgress(UUID topicId, Set<Integer> partitions) {
        SortedMap<Integer, Long> progress = readLockedProgress(topicId, partitions);
        if (progress.size() < partitions.size()) {
            jdbc.update(ADD_MISSING_PROGRESS, statement -> {
                statement.setObject(1, topicId);
                statement.setArray(2, integers(statement, partitions, Function.identity()));
            });
            progress = readLockedProgress(topicId, partitions);
        }
        return progress;
    }

    private SortedMap<Integer, Long> readLockedProgress(UUID topicId, Set<Integer> partitions) {
        SortedMap<Integer, Long> progress = new TreeMap<>();
        query(
                LOCK_PROGRESS,
                statement -> {
                    statement.setObject(1, topicId);
                    statement.setArray(2, integers(statement, partitions, Function.identity()));
                },
                row -> progress.put(row.getInt(1), row.getLong(2)));
        return progress;
    }

    /** Moves the progress of partitions on, never back. */
    public void moveProgress(UUID topicId, Map<Integer, Long> nextOffsets) {
        List<Map.Entry<Integer, Long>> moved = List.copyOf(nextOffsets.entrySet());
        jdbc.update(MOVE_PROGRESS, statement -> {
            statement.setArray(1, integers(statement, moved, Map.Entry::getKey));
            statement.setArray(2, longs(statement, moved, Map.Entry::getValue));
            statement.setObject(3, topicId);
        });
    }

    /** For each partition that was ever worked on, the first offset that has not been decided yet. */
    public SortedMap<Integer, Long> progress(UUID topicId) {
        SortedMap<Integer, Long> progress = new TreeMap<>();
        query(
                READ_PROGRESS,
                statement -> statement.setObject(1, topicId),
                row -> progress.put(row.getInt(1), row.getLong(2)));
        return progress;
    }

    /** What was answered to those of these commands that were decided before. */
    public Map<UUID, StoredOutcome> outcomes(Collection<UUID> commandIds) {
        Map<UUID, StoredOutcome> outcomes = new HashMap<>();
        if (!commandIds.isEmpty()) {
            query(
                    FIND_OUTCOMES,
                    statement -> statement.setArray(1, texts(statement, commandIds, UUID::toString)),
                    row -> outcomes.put(
                            uuid(row, "command_id"),
                            new StoredOutcome(
                                    Fingerprint.fromBytes(row.getBytes("fingerprint")),
                                    instant(row, "decided_at"),
                                    row.getString("result"))));
        }
        return outcomes;
    }

    /** Those of these events that exist; locked until the transaction ends when the locking is pessimistic. */
    public Map<String, Event> events(Collection<String> eventIds, Locking locking) {
        Map<String, Event> events = new HashMap<>();
        if (!eventIds.isEmpty()) {
            query(
                    locking == Locking.PESSIMISTIC ? LOCK_EVENTS : READ_EVENTS,
                    statement -> statement.setArray(1, texts(statement, eventIds, Function.identity())),
                    row -> {
                        Event event = event(row);
                        events.put(event.id(), event);
                    });
        }
        return events;
    }

    /** Those of these existing events whose rows somebody else keeps locked, and the events of such bookings. */
    public Set<String> lockedByOthers(Collection<String> eventIds, Collection<UUID> bookingIds) {
        Set<String> locked = new HashSet<>(events(eventIds, Locking.OPTIMISTIC).keySet());
        query(
                LOCK_FREE_EVENTS,
                statement -> statement.setArray(1, texts(statement, eventIds, Function.identity())),
                row -> locked.remove(row.getString(1)));
        Map<UUID, Booking> bookings = bookings(bookingIds);
        query(
                LOCK_FREE_BOOKINGS,
                statement -> statement.setArray(1, texts(statement, bookingIds, UUID::toString)),
                row -> bookings.remove(uuid(row, "id")));
        bookings.values().forEach(booking -> locked.add(booking.eventId()));
        return locked;
    }

    /** Shortens how long statements wait for locks, until the transaction ends. */
    public void waitForLocksAtMost(Duration wait) {
        jdbc.execute("SET LOCAL lock_timeout = " + wait.toMillis());
    }

    /** For those of these slots that are taken, the event which has it. */
    public Map<Slot, String> eventsAt(Collection<Slot> slots) {
        Map<Slot, String> taken = new HashMap<>();
        if (!slots.isEmpty()) {
            query(
                    READ_SLOTS,
                    statement -> {
                        statement.setArray(1, texts(statement, slots, Slot::venue));
                        statement.setArray(2, instants(statement, slots, Slot::date));
                    },
                    row -> taken.put(new Slot(row.getString("venue"), instant(row, "date")), row.getString("id")));
        }
        return taken;
    }

    /** Those of these bookings that exist. */
    public Map<UUID, Booking> bookings(Collection<UUID> bookingIds) {
        Map<UUID, Booking> bookings = new HashMap<>();
        if (!bookingIds.isEmpty()) {
            query(
                    READ_BOOKINGS,
                    statement -> statement.setArray(1, texts(statement, bookingIds, UUID::toString)),
                    row -> {
                        Booking booking = booking(row);
                        bookings.put(booking.id(), booking);
                    });
        }
        return bookings;
    }

    /**
     * Saves what a batch changes.
     *
     * @throws ConflictException when somebody else changed one of the events since it was read; the transaction must
     *     then be rolled back
     */
    public void save(Changes changes) {
        // Events first: the rows are then ours, and the bookings' foreign keys find them without waiting.
        addEvents(changes.createdEvents());
        changeEvents(changes.changedEvents());
        // Cancelled before made: the place of an event of one place must be free in the index.
        cancelBookings(changes.cancelledBookings());
        addBookings(changes.madeBookings());
        addOutcomes(List.copyOf(changes.outcomes().entrySet()));
    }

    private void addEvents(List<Event> events) {
        if (events.isEmpty()) {
            return;
        }
        jdbc.update(ADD_EVENTS, statement -> {
            statement.setArray(1, texts(statement, events, Event::id));
            statement.setArray(2, texts(statement, events, Event::name));
            statement.setArray(
                    3, instants(statement, events, event -> event.slot().date()));
            statement.setArray(4, texts(statement, events, event -> event.slot().venue()));
            statement.setArray(
                    5, texts(statement, events, event -> event.status().name()));
            statement.setArray(6, longs(statement, events, Event::version));
            statement.setArray(7, integers(statement, events, Event::capacity));
            statement.setArray(8, integers(statement, events, Event::confirmed));
            statement.setArray(9, integers(statement, events, Event::held));
            statement.setArray(10, instants(statement, events, Event::updatedAt));
        });
    }

    private void changeEvents(List<Changes.ChangedEvent> changed) {
        if (changed.isEmpty()) {
            return;
        }
        Set<String> missing = new HashSet<>();
        changed.forEach(change -> missing.add(change.event().id()));
        query(
                CHANGE_EVENTS,
                statement -> {
                    statement.setArray(
                            1,
                            texts(statement, changed, change -> change.event().id()));
                    statement.setArray(
                            2,
                            longs(statement, changed, change -> change.event().version()));
                    statement.setArray(
                            3,
                            integers(
                                    statement, changed, change -> change.event().confirmed()));
                    statement.setArray(
                            4,
                            integers(
                                    statement, changed, change -> change.event().held()));
                    statement.setArray(
                            5,
                            instants(
                                    statement, changed, change -> change.event().updatedAt()));
                    statement.setArray(
                            6, longs(statement, changed, change -> change.read().version()));
                    statement.setArray(
                            7,
                            integers(statement, changed, change -> change.read().capacity()));
                    statement.setArray(
                            8,
                            integers(statement, changed, change -> change.read().confirmed()));
                    statement.setArray(
                            9,
                            integers(statement, changed, change -> change.read().held()));
                    statement.setArray(
                            10,
                            texts(
                                    statement,
                                    changed,
                                    change -> change.read().status().name()));
                },
                row -> missing.remove(row.getString(1)));
        if (!missing.isEmpty()) {
            throw new ConflictException(missing);
        }
    }

    private void cancelBookings(List<Booking> bookings) {
        if (bookings.isEmpty()) {
            return;
        }
        Map<UUID, String> missing = new HashMap<>();
        bookings.forEach(booking -> missing.put(booking.id(), booking.eventId()));
        query(
                CANCEL_BOOKINGS,
                statement -> {
                    statement.setArray(
                            1,
                            texts(statement, bookings, booking -> booking.id().toString()));
                    statement.setArray(2, instants(statement, bookings, Booking::updatedAt));
                },
                row -> missing.remove(uuid(row, "id")));
        if (!missing.isEmpty()) {
            throw new ConflictException(new HashSet<>(missing.values()));
        }
    }

    private void addBookings(List<Booking> bookings) {
        if (bookings.isEmpty()) {
            return;
        }
        int added = jdbc.update(ADD_BOOKINGS, statement -> {
            statement.setArray(
                    1, texts(statement, bookings, booking -> booking.id().toString()));
            statement.setArray(2, texts(statement, bookings, Booking::eventId));
            statement.setArray(3, texts(statement, bookings, Booking::userId));
            statement.setArray(4, integers(statement, bookings, Booking::quantity));
            statement.setArray(
                    5, texts(statement, bookings, booking -> booking.status().name()));
            statement.setArray(6, instants(statement, bookings, Booking::createdAt));
            statement.setArray(7, instants(statement, bookings, Booking::updatedAt));
        });
        requireAll(bookings.size(), added, "bookings");
    }

    private void addOutcomes(List<Map.Entry<UUID, StoredOutcome>> outcomes) {
        if (outcomes.isEmpty()) {
            return;
        }
        int added = jdbc.update(ADD_OUTCOMES, statement -> {
            statement.setArray(
                    1, texts(statement, outcomes, outcome -> outcome.getKey().toString()));
            statement.setArray(
                    2,
                    array(
                            statement,
                            "bytea",
                            outcomes.stream()
                                    .map(outcome ->
                                            outcome.getValue().fingerprint().toBytes())
                                    .toArray(byte[][]::new)));
            statement.setArray(
                    3,
                    instants(statement, outcomes, outcome -> outcome.getValue().decidedAt()));
            statement.setArray(
                    4, texts(statement, outcomes, outcome -> outcome.getValue().result()));
        });
        requireAll(outcomes.size(), added, "outcomes");
    }

    /**
     * Removes up to {@code limit} outcomes that were decided longer than {@code age} ago.
     *
     * @return how many were removed
     */
    public int pruneOutcomes(Duration age, int limit) {
        return jdbc.update(PRUNE_OUTCOMES, statement -> {
            statement.setDouble(1, (double) age.toSeconds());
            statement.setInt(2, limit);
        });
    }

    private static void requireAll(int wanted, int done, String what) {
        if (wanted != done) {
            throw new IllegalStateException("saved " + done + " of " + wanted + " " + what);
        }
    }

    private void query(String sql, PreparedStatementSetter parameters, RowReader reader) {
        RowMapper<Boolean> each = (row, number) -> {
            reader.read(row);
            return true;
        };
        jdbc.query(sql, parameters, each);
    }

    @FunctionalInterface
    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getString("id"),
                row.getString("name"),
                new Slot(row.getString("venue"), instant(row, "date")),
                EventStatus.valueOf(row.getString("status")),
                row.getLong("version"),
                row.getInt("capacity"),
                row.getInt("confirmed"),
                row.getInt("held"),
                instant(row, "updated_at"));
    }

    private static Booking booking(ResultSet row) throws SQLException {
        return new Booking(
                uuid(row, "id"),
                row.getString("event_id"),
                row.getString("user_id"),
                row.getInt("quantity"),
                BookingStatus.valueOf(row.getString("status")),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static <T> Array texts(PreparedStatement statement, Collection<T> rows, Function<T, String> column)
            throws SQLException {
        return array(statement, "text", rows.stream().map(column).toArray(String[]::new));
    }

    private static <T> Array integers(PreparedStatement statement, Collection<T> rows, Function<T, Integer> column)
            throws SQLException {
        return array(statement, "int4", rows.stream().map(column).toArray(Integer[]::new));
    }

    private static <T> Array longs(PreparedStatement statement, Collection<T> rows, Function<T, Long> column)
            throws SQLException {
        return array(statement, "int8", rows.stream().map(column).toArray(Long[]::new));
    }

    private static <T> Array instants(PreparedStatement statement, Collection<T> rows, Function<T, Instant> column)
            throws SQLException {
        return array(
                statement,
                "timestamptz",
                rows.stream().map(column).map(InstantText::of).toArray(String[]::new));
    }

    private static Array array(PreparedStatement statement, String type, Object[] values) throws SQLException {
        return statement.getConnection().createArrayOf(type, values);
    }
}
