package booking.processor.store;

import booking.processor.decision.Booking;
import booking.processor.decision.Event;
import booking.processor.decision.SalesTerms;
import booking.processor.decision.Slot;
import booking.processor.decision.Waiting;
import booking.schemas.availability.EventStatus;
import booking.schemas.json.InstantText;
import booking.schemas.result.BookingStatus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.springframework.jdbc.core.ConnectionCallback;
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
            "id, name, date, venue, status, version, capacity, confirmed, held, per_user_limit, sales_open_at, "
                    + "sales_close_at, waiting, created_at, updated_at";

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

    private static final String BOOKING_COLUMNS =
            "id, event_id, user_id, quantity, status, hold_expires_at, created_at, updated_at";

    private static final String READ_BOOKINGS =
            "SELECT " + BOOKING_COLUMNS + " FROM bookings WHERE id = ANY (?::uuid[])";

    private static final String READ_RUN_OUT_HOLDS = "SELECT " + BOOKING_COLUMNS + """
             FROM bookings WHERE event_id = ANY (?) AND status = 'HELD' AND hold_expires_at <= ?::timestamptz
            """;

    private static final String READ_LINES = """
            SELECT id, event_id, user_id, quantity, place, joined_at FROM waitlist WHERE event_id = ANY (?)
            """;

    private static final String READ_PLACES = """
            SELECT w.id, w.event_id, w.user_id, w.quantity, w.place, w.joined_at
            FROM unnest(?, ?) AS wanted (event_id, user_id)
            JOIN waitlist AS w ON w.event_id = wanted.event_id AND w.user_id = wanted.user_id
            """;

    private static final String READ_LINES_TO_SERVE = """
            SELECT w.id, w.event_id, w.user_id, w.quantity, w.place, w.joined_at
            FROM waitlist AS w JOIN events AS e ON e.id = w.event_id
            WHERE w.event_id = ANY (?) AND w.quantity <= e.capacity - e.confirmed - e.held
            """;

    private static final String FIND_RUN_OUT_HOLDS = """
            SELECT event_id, id FROM bookings WHERE status = 'HELD' AND hold_expires_at <= now()
            ORDER BY hold_expires_at LIMIT ?
            """;

    private static final String FIND_EVENTS_TO_SERVE = "SELECT " + EVENT_COLUMNS + """
             FROM events
            WHERE id > ? AND waiting > 0 AND confirmed + held < capacity AND status = 'OPEN'
                AND (sales_open_at IS NULL OR sales_open_at <= now())
                AND (sales_close_at IS NULL OR sales_close_at > now())
            ORDER BY id LIMIT ?
            """;

    private static final String COUNT_SEATS = """
            SELECT b.event_id, b.user_id, sum(b.quantity) AS seats
            FROM unnest(?, ?) AS wanted (event_id, user_id)
            JOIN bookings AS b ON b.user_id = wanted.user_id AND b.event_id = wanted.event_id
            WHERE b.status IN ('HELD', 'CONFIRMED')
            GROUP BY b.event_id, b.user_id
            """;

    private static final String ADD_EVENTS = """
            INSERT INTO events (id, name, date, venue, status, version, capacity, confirmed, held, per_user_limit,
                sales_open_at, sales_close_at, waiting, created_at, updated_at)
            SELECT id, name, date, venue, status, version, capacity, confirmed, held, per_user_limit,
                sales_open_at, sales_close_at, waiting, created_at, updated_at
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                AS added (id, name, date, venue, status, version, capacity, confirmed, held, per_user_limit,
                    sales_open_at, sales_close_at, waiting, updated_at, created_at)
            ORDER BY venue, date
            """;

    // Conditional on the version: when somebody else wrote after we read, the event is not among those returned. The
    // counters are compared too, for writers that do not know of versions.
    private static final String CHANGE_EVENTS = """
            UPDATE events AS e
            SET name = changed.name, date = changed.date, venue = changed.venue, status = changed.status,
                version = changed.version, capacity = changed.capacity, confirmed = changed.confirmed,
                held = changed.held, per_user_limit = changed.per_user_limit, sales_open_at = changed.sales_open_at,
                sales_close_at = changed.sales_close_at, waiting = changed.waiting, updated_at = changed.updated_at
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                AS changed (id, name, date, venue, status, version, capacity, confirmed, held, per_user_limit,
                    sales_open_at, sales_close_at, waiting, updated_at,
                    read_version, read_capacity, read_confirmed, read_held, read_waiting, read_status)
            WHERE e.id = changed.id AND e.version = changed.read_version
                AND e.capacity = changed.read_capacity AND e.confirmed = changed.read_confirmed
                AND e.held = changed.read_held AND e.waiting = changed.read_waiting
                AND e.status = changed.read_status
            RETURNING e.id
            """;

    private static final String ADD_BOOKINGS = """
            INSERT INTO bookings (id, event_id, user_id, quantity, status, hold_expires_at, created_at, updated_at,
                one_place)
            SELECT added.id::uuid, added.event_id, user_id, quantity, added.status, hold_expires_at, added.created_at,
                added.updated_at, e.one_place
            FROM unnest(?, ?, ?, ?, ?, ?, ?, ?)
                AS added (id, event_id, user_id, quantity, status, hold_expires_at, created_at, updated_at)
            JOIN events AS e ON e.id = added.event_id
            """;

    // Conditional on the status: a booking gives its seats back once.
    private static final String CHANGE_BOOKINGS = """
            UPDATE bookings AS b
            SET status = changed.status, hold_expires_at = changed.hold_expires_at, updated_at = changed.updated_at
            FROM unnest(?, ?, ?, ?, ?) AS changed (id, status, hold_expires_at, updated_at, read_status)
            WHERE b.id = changed.id::uuid AND b.status = changed.read_status
            RETURNING b.id
            """;

    private static final String ADD_WAITING = """
            INSERT INTO waitlist (id, event_id, user_id, quantity, place, joined_at)
            SELECT id::uuid, event_id, user_id, quantity, place, joined_at
            FROM unnest(?, ?, ?, ?, ?, ?) AS added (id, event_id, user_id, quantity, place, joined_at)
            """;

    private static final String REMOVE_WAITING = "DELETE FROM waitlist WHERE id = ANY (?::uuid[]) RETURNING id";

    private static final String PRUNE_OUTCOMES = """
            DELETE FROM outcomes WHERE command_id IN (
                SELECT command_id FROM outcomes WHERE decided_at < now() - make_interval(secs => ?)
                ORDER BY decided_at LIMIT ?)
            """;

    /** A session that is active, and yet waits for its client, is in the middle of a statement, or of the answer to it. */
    private static final String END_ABANDONED_SESSIONS = """
            SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = current_user
                AND application_name = current_setting('application_name')
                AND state = 'active' AND wait_event IN ('ClientRead', 'ClientWrite')
                AND query_start < clock_timestamp() - make_interval(secs => ?)
            """;

    private static final int MOST_BOOKINGS_CHANGED_AT_ONCE = 4_000;

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

    /** Those of the wanted events whose rows somebody else keeps locked, or the rows of bookings that are in question. */
    public Set<String> lockedByOthers(Wanted wanted) {
        Set<String> locked =
                new HashSet<>(events(wanted.events(), Locking.OPTIMISTIC).keySet());
        Map<UUID, Booking> bookings = new HashMap<>(bookings(wanted.bookings()));
        bookings.putAll(runOutHolds(locked, wanted.until()));
        query(
                LOCK_FREE_EVENTS,
                statement -> statement.setArray(1, texts(statement, wanted.events(), Function.identity())),
                row -> locked.remove(row.getString(1)));
        query(
                LOCK_FREE_BOOKINGS,
                statement -> statement.setArray(1, texts(statement, List.copyOf(bookings.keySet()), UUID::toString)),
                row -> bookings.remove(uuid(row, "id")));
        bookings.values().forEach(booking -> locked.add(booking.eventId()));
        return locked;
    }

    /** Shortens how long statements wait for locks, until the transaction ends. */
    public void waitForLocksAtMost(Duration wait) {
        jdbc.execute("SET LOCAL lock_timeout = " + wait.toMillis());
    }

    /**
     * All that the rules may look at when they decide commands about this.
     *
     * @param locking whether the events are locked until the transaction ends
     */
    public Loaded load(Wanted wanted, Locking locking) {
        Map<String, Event> events = events(wanted.events(), locking);
        Map<UUID, Booking> bookings = bookings(wanted.bookings());
        bookings.putAll(runOutHolds(ids(events, event -> event.held() > 0), wanted.until()));
        Map<UserAtEvent, Waiting> places = places(users(wanted, event -> {
            Event found = events.get(event);
            return found != null && found.waiting() > 0;
        }));
        Map<UserAtEvent, Long> seats =
                seats(users(wanted, event -> wanted.getsALimit(event) || hasLimit(events.get(event))));
        return new Loaded(events, bookings, eventsAt(wanted.slots()), seats, places);
    }

    private static Set<UserAtEvent> users(Wanted wanted, Predicate<String> ofEvent) {
        return wanted.users().stream()
                .filter(user -> ofEvent.test(user.eventId()))
                .collect(Collectors.toSet());
    }

    /** The holds that have run out and still take their seats, the first to run out first. */
    public List<RunOutHold> runOutHolds(int limit) {
        List<RunOutHold> holds = new ArrayList<>();
        query(
                FIND_RUN_OUT_HOLDS,
                statement -> statement.setInt(1, limit),
                row -> holds.add(new RunOutHold(row.getString("event_id"), uuid(row, "id"))));
        return holds;
    }

    /**
     * The lines of events that have free seats and are on sale.
     *
     * @param after the events with a greater id, in the order of their ids
     */
    public Lines linesToServe(String after, int mostEvents) {
        List<Event> events = new ArrayList<>();
        query(
                FIND_EVENTS_TO_SERVE,
                statement -> {
                    statement.setString(1, after);
                    statement.setInt(2, mostEvents);
                },
                row -> events.add(event(row)));
        List<Waiting> waiting =
                lines(READ_LINES_TO_SERVE, events.stream().map(Event::id).toList());
        Set<String> limited =
                events.stream().filter(BookingStore::hasLimit).map(Event::id).collect(Collectors.toSet());
        Set<UserAtEvent> users = new HashSet<>();
        waiting.stream()
                .filter(inLine -> limited.contains(inLine.eventId()))
                .forEach(inLine -> users.add(new UserAtEvent(inLine.eventId(), inLine.userId())));
        Map<String, SortedMap<Long, Waiting>> byEvent = new HashMap<>();
        waiting.forEach(inLine -> byEvent.computeIfAbsent(inLine.eventId(), none -> new TreeMap<>())
                .put(inLine.place(), inLine));
        return new Lines(events, byEvent, seats(users));
    }

    private static boolean hasLimit(@Nullable Event event) {
        return event != null && event.sales().perUserLimit().isPresent();
    }

    private static Set<String> ids(Map<String, Event> events, Predicate<Event> wanted) {
        return events.values().stream().filter(wanted).map(Event::id).collect(Collectors.toSet());
    }

    /** The event that each of these slots has, if one does. */
    public Map<Slot, Optional<String>> eventsAt(Collection<Slot> slots) {
        Map<Slot, Optional<String>> taken = new HashMap<>();
        slots.forEach(slot -> taken.put(slot, Optional.empty()));
        if (!slots.isEmpty()) {
            query(
                    READ_SLOTS,
                    statement -> {
                        statement.setArray(1, texts(statement, slots, Slot::venue));
                        statement.setArray(2, instants(statement, slots, Slot::date));
                    },
                    row -> taken.put(
                            new Slot(row.getString("venue"), instant(row, "date")), Optional.of(row.getString("id"))));
        }
        return taken;
    }

    private Map<UUID, Booking> bookings(Collection<UUID> bookingIds) {
        Map<UUID, Booking> bookings = new HashMap<>();
        if (!bookingIds.isEmpty()) {
            query(
                    READ_BOOKINGS,
                    statement -> statement.setArray(1, texts(statement, bookingIds, UUID::toString)),
                    row -> bookings.put(uuid(row, "id"), booking(row)));
        }
        return bookings;
    }

    /** The holds of these events that have run out by then and still take their seats. */
    private Map<UUID, Booking> runOutHolds(Collection<String> eventIds, Instant until) {
        Map<UUID, Booking> holds = new HashMap<>();
        if (!eventIds.isEmpty()) {
            query(
                    READ_RUN_OUT_HOLDS,
                    statement -> {
                        statement.setArray(1, texts(statement, eventIds, Function.identity()));
                        statement.setString(2, InstantText.of(until));
                    },
                    row -> holds.put(uuid(row, "id"), booking(row)));
        }
        return holds;
    }

    /** Everybody who waits for seats in this event, in any order. */
    public List<Waiting> line(String eventId) {
        return lines(READ_LINES, List.of(eventId));
    }

    private Map<UserAtEvent, Waiting> places(Collection<UserAtEvent> users) {
        Map<UserAtEvent, Waiting> places = new HashMap<>();
        if (!users.isEmpty()) {
            query(
                    READ_PLACES,
                    statement -> {
                        statement.setArray(1, texts(statement, users, UserAtEvent::eventId));
                        statement.setArray(2, texts(statement, users, UserAtEvent::userId));
                    },
                    row -> {
                        Waiting waiting = waiting(row);
                        places.put(new UserAtEvent(waiting.eventId(), waiting.userId()), waiting);
                    });
        }
        return places;
    }

    private List<Waiting> lines(String sql, Collection<String> eventIds) {
        List<Waiting> lines = new ArrayList<>();
        if (!eventIds.isEmpty()) {
            query(
                    sql,
                    statement -> statement.setArray(1, texts(statement, eventIds, Function.identity())),
                    row -> lines.add(waiting(row)));
        }
        return lines;
    }

    /** The seats that each of these users has, confirmed and held. */
    public Map<UserAtEvent, Long> seats(Collection<UserAtEvent> users) {
        Map<UserAtEvent, Long> seats = new HashMap<>();
        users.forEach(user -> seats.put(user, 0L));
        if (!users.isEmpty()) {
            query(
                    COUNT_SEATS,
                    statement -> {
                        statement.setArray(1, texts(statement, users, UserAtEvent::eventId));
                        statement.setArray(2, texts(statement, users, UserAtEvent::userId));
                    },
                    row -> seats.put(
                            new UserAtEvent(row.getString("event_id"), row.getString("user_id")),
                            row.getLong("seats")));
        }
        return seats;
    }

    /**
     * Saves what a batch changes.
     *
     * @throws ConflictException when somebody else changed one of the events since it was read; the transaction must
     *     then be rolled back
     */
    public void save(Changes changes) {
        // Of an event that shrinks to one place at most one booking may be live by then.
        Set<String> shrinking = shrinkingToOnePlace(changes.changedEvents());
        Map<Boolean, List<Changes.ChangedBooking>> bookings = changes.changedBookings().stream()
                .collect(Collectors.partitioningBy(
                        change -> shrinking.contains(change.booking().eventId())));
        changeBookings(bookings.getOrDefault(true, List.of()));
        // Else events first: the rows are then ours, and the bookings' foreign keys find them without waiting. Changed
        // before added: an event may have made room for a new one at its venue and date.
        changeEvents(changes.changedEvents());
        addEvents(changes.createdEvents());
        // Changed before made: the place of an event of one place must be free in the index.
        changeBookings(bookings.getOrDefault(false, List.of()));
        addBookings(changes.madeBookings());
        // Left before joined: whoever waits again has one place in the line.
        removeWaiting(changes.left());
        addWaiting(changes.joined());
        addOutcomes(changes.outcomes());
    }

    private static Set<String> shrinkingToOnePlace(List<Changes.ChangedEvent> changed) {
        return changed.stream()
                .filter(change -> change.event().hasOnePlace() && !change.read().hasOnePlace())
                .map(change -> change.event().id())
                .collect(Collectors.toSet());
    }

    private void addEvents(List<Event> events) {
        if (events.isEmpty()) {
            return;
        }
        jdbc.update(ADD_EVENTS, statement -> {
            int last = setEvents(statement, events);
            statement.setArray(last + 1, instants(statement, events, Event::createdAt));
        });
    }

    /** Sets the columns of events from the first parameter on, and gives the number of the last. */
    private static int setEvents(PreparedStatement statement, List<Event> events) throws SQLException {
        statement.setArray(1, texts(statement, events, Event::id));
        statement.setArray(2, texts(statement, events, Event::name));
        statement.setArray(3, instants(statement, events, event -> event.slot().date()));
        statement.setArray(4, texts(statement, events, event -> event.slot().venue()));
        statement.setArray(5, texts(statement, events, event -> event.status().name()));
        statement.setArray(6, longs(statement, events, Event::version));
        statement.setArray(7, integers(statement, events, Event::capacity));
        statement.setArray(8, integers(statement, events, Event::confirmed));
        statement.setArray(9, integers(statement, events, Event::held));
        statement.setArray(
                10, integers(statement, events, event -> orNull(event.sales().perUserLimit())));
        statement.setArray(
                11, instants(statement, events, event -> orNull(event.sales().openAt())));
        statement.setArray(
                12, instants(statement, events, event -> orNull(event.sales().closeAt())));
        statement.setArray(13, integers(statement, events, Event::waiting));
        statement.setArray(14, instants(statement, events, Event::updatedAt));
        return 14;
    }

    private void changeEvents(List<Changes.ChangedEvent> changed) {
        if (changed.isEmpty()) {
            return;
        }
        Set<String> missing = new HashSet<>();
        changed.forEach(change -> missing.add(change.event().id()));
        List<Event> read = changed.stream().map(Changes.ChangedEvent::read).toList();
        query(
                CHANGE_EVENTS,
                statement -> {
                    int last = setEvents(
                            statement,
                            changed.stream().map(Changes.ChangedEvent::event).toList());
                    statement.setArray(last + 1, longs(statement, read, Event::version));
                    statement.setArray(last + 2, integers(statement, read, Event::capacity));
                    statement.setArray(last + 3, integers(statement, read, Event::confirmed));
                    statement.setArray(last + 4, integers(statement, read, Event::held));
                    statement.setArray(last + 5, integers(statement, read, Event::waiting));
                    statement.setArray(
                            last + 6,
                            texts(statement, read, event -> event.status().name()));
                },
                row -> missing.remove(row.getString(1)));
        if (!missing.isEmpty()) {
            throw new ConflictException(missing);
        }
    }

    private void changeBookings(List<Changes.ChangedBooking> changed) {
        // Any number of holds can run out at once, but a statement has its time.
        for (int from = 0; from < changed.size(); from += MOST_BOOKINGS_CHANGED_AT_ONCE) {
            changeBookingsAtOnce(changed.subList(from, Math.min(changed.size(), from + MOST_BOOKINGS_CHANGED_AT_ONCE)));
        }
    }

    private void changeBookingsAtOnce(List<Changes.ChangedBooking> changed) {
        Map<UUID, String> missing = new HashMap<>();
        changed.forEach(
                change -> missing.put(change.booking().id(), change.booking().eventId()));
        List<Booking> bookings =
                changed.stream().map(Changes.ChangedBooking::booking).toList();
        query(
                CHANGE_BOOKINGS,
                statement -> {
                    statement.setArray(
                            1,
                            texts(statement, bookings, booking -> booking.id().toString()));
                    statement.setArray(
                            2,
                            texts(
                                    statement,
                                    bookings,
                                    booking -> booking.status().name()));
                    statement.setArray(3, instants(statement, bookings, booking -> orNull(booking.holdExpiresAt())));
                    statement.setArray(4, instants(statement, bookings, Booking::updatedAt));
                    statement.setArray(
                            5,
                            texts(
                                    statement,
                                    changed,
                                    change -> change.read().status().name()));
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
            statement.setArray(6, instants(statement, bookings, booking -> orNull(booking.holdExpiresAt())));
            statement.setArray(7, instants(statement, bookings, Booking::createdAt));
            statement.setArray(8, instants(statement, bookings, Booking::updatedAt));
        });
        requireAll(bookings.size(), added, "bookings");
    }

    private void removeWaiting(List<Waiting> waiting) {
        if (waiting.isEmpty()) {
            return;
        }
        Map<UUID, String> missing = new HashMap<>();
        waiting.forEach(left -> missing.put(left.id(), left.eventId()));
        query(
                REMOVE_WAITING,
                statement -> statement.setArray(
                        1, texts(statement, waiting, left -> left.id().toString())),
                row -> missing.remove(uuid(row, "id")));
        if (!missing.isEmpty()) {
            throw new ConflictException(new HashSet<>(missing.values()));
        }
    }

    private void addWaiting(List<Waiting> waiting) {
        if (waiting.isEmpty()) {
            return;
        }
        int added = jdbc.update(ADD_WAITING, statement -> {
            statement.setArray(
                    1, texts(statement, waiting, joined -> joined.id().toString()));
            statement.setArray(2, texts(statement, waiting, Waiting::eventId));
            statement.setArray(3, texts(statement, waiting, Waiting::userId));
            statement.setArray(4, integers(statement, waiting, Waiting::quantity));
            statement.setArray(5, longs(statement, waiting, Waiting::place));
            statement.setArray(6, instants(statement, waiting, Waiting::joinedAt));
        });
        requireAll(waiting.size(), added, "places in the line");
    }

    private void addOutcomes(Map<UUID, StoredOutcome> outcomes) {
        if (outcomes.isEmpty()) {
            return;
        }
        byte[] rows = OutcomeRows.of(outcomes);
        ConnectionCallback<Long> copy = connection -> {
            try {
                return connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(OutcomeRows.COPY, new ByteArrayInputStream(rows), rows.length);
            } catch (IOException e) {
                throw new PSQLException("memory does not fail", PSQLState.IO_ERROR, e);
            }
        };
        requireAll(outcomes.size(), Objects.requireNonNull(jdbc.execute(copy)), "outcomes");
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

    /**
     * Ends the sessions of processors, of this user in this database, that wait for their client in the middle of a statement which
     * began longer than {@code age} ago. No timeout of PostgreSQL's does that while they wait; it ends a statement which lasts as long
     * once the client goes on.
     *
     * @return how many were ended
     */
    public int endAbandonedSessions(Duration age) {
        return Objects.requireNonNull(
                jdbc.queryForObject(END_ABANDONED_SESSIONS, Integer.class, (double) age.toSeconds()));
    }

    private static void requireAll(long wanted, long done, String what) {
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
                new SalesTerms(
                        optionalInteger(row, "per_user_limit"),
                        optionalInstant(row, "sales_open_at"),
                        optionalInstant(row, "sales_close_at")),
                row.getInt("waiting"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static Booking booking(ResultSet row) throws SQLException {
        return new Booking(
                uuid(row, "id"),
                row.getString("event_id"),
                row.getString("user_id"),
                row.getInt("quantity"),
                BookingStatus.valueOf(row.getString("status")),
                optionalInstant(row, "hold_expires_at"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static Waiting waiting(ResultSet row) throws SQLException {
        return new Waiting(
                uuid(row, "id"),
                row.getString("event_id"),
                row.getString("user_id"),
                row.getInt("quantity"),
                row.getLong("place"),
                instant(row, "joined_at"));
    }

    private static UUID uuid(ResultSet row, String column) throws SQLException {
        return row.getObject(column, UUID.class);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static Optional<Instant> optionalInstant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    private static OptionalInt optionalInteger(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
    }

    private static <T> @Nullable T orNull(Optional<T> value) {
        return value.orElse(null);
    }

    private static @Nullable Integer orNull(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }

    private static <T> Array texts(PreparedStatement statement, Collection<T> rows, Function<T, String> column)
            throws SQLException {
        return array(statement, "text", rows.stream().map(column).toArray(String[]::new));
    }

    private static <T> Array integers(
            PreparedStatement statement, Collection<T> rows, Function<T, @Nullable Integer> column)
            throws SQLException {
        return array(statement, "int4", rows.stream().map(column).toArray(Integer[]::new));
    }

    private static <T> Array longs(PreparedStatement statement, Collection<T> rows, Function<T, Long> column)
            throws SQLException {
        return array(statement, "int8", rows.stream().map(column).toArray(Long[]::new));
    }

    private static <T> Array instants(
            PreparedStatement statement, Collection<T> rows, Function<T, @Nullable Instant> column)
            throws SQLException {
        return array(
                statement,
                "timestamptz",
                rows.stream()
                        .map(column)
                        .map(instant -> instant == null ? null : InstantText.of(instant))
                        .toArray(String[]::new));
    }

    private static Array array(PreparedStatement statement, String type, Object[] values) throws SQLException {
        return statement.getConnection().createArrayOf(type, values);
    }
}
