package booking.benchmark.tables;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/**
 * All SQL of the alternatives, written by somebody who wants them to be fast: as few round trips as the way of locking
 * allows, and rows that are fought over are locked as late and for as short as possible. Connections come in auto-commit
 * mode and are left so.
 */
public final class PlainTables {
    private static final int RETRIES = 3;
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String READ = """
            SELECT e.capacity, e.booked, e.version, b.status
            FROM events AS e LEFT JOIN bookings AS b ON b.id = ? WHERE e.id = ?
            """;

    private static final String READ_LOCKED = """
            SELECT e.capacity, e.booked, e.version,
                (SELECT status FROM bookings WHERE id = ?) AS status
            FROM events AS e WHERE e.id = ? FOR UPDATE
            """;

    private static final String MADE = """
            , made AS (
                INSERT INTO bookings (id, event_id, user_id, quantity, status, hold_expires_at, one_place)
                SELECT ?, id, ?, ?, ?, now() + make_interval(secs => ?), capacity = 1 FROM taken RETURNING id)
            """;

    private static final String TAKE_IF_UNCHANGED = """
            WITH taken AS (
                UPDATE events SET booked = booked + ?, version = version + 1
                WHERE id = ? AND version = ? RETURNING id, capacity)
            """ + MADE + "SELECT id FROM made";

    private static final String TAKE = """
            WITH taken AS (
                UPDATE events SET booked = booked + ?, version = version + 1
                WHERE id = ? RETURNING id, capacity)
            """ + MADE + "SELECT id FROM made";

    // All in one round trip: what is taken, and what is to be said when nothing is.
    private static final String TAKE_IF_FREE = """
            WITH taken AS (
                UPDATE events SET booked = booked + ?, version = version + 1
                WHERE id = ? AND booked + ? <= capacity RETURNING id, capacity)
            """ + MADE + """
            SELECT made.id AS made, b.status, e.booked + ? > e.capacity AS was_full
            FROM events AS e LEFT JOIN made ON true LEFT JOIN bookings AS b ON b.id = ? WHERE e.id = ?
            """;

    private static final String STATUS = "SELECT status FROM bookings WHERE id = ?";

    private static final String CONFIRM = """
            UPDATE bookings SET status = 'CONFIRMED', hold_expires_at = NULL
            WHERE id = ? AND event_id = ? AND status = 'HELD' AND hold_expires_at > now()
            """;

    private static final String CANCEL = """
            WITH gone AS (
                UPDATE bookings SET status = 'CANCELLED', hold_expires_at = NULL
                WHERE id = ? AND event_id = ? AND status IN ('HELD', 'CONFIRMED') RETURNING event_id, quantity)
            UPDATE events AS e SET booked = e.booked - gone.quantity, version = e.version + 1
            FROM gone WHERE e.id = gone.event_id RETURNING e.waiting
            """;

    private static final String SERVE = """
            WITH head AS (
                SELECT id, user_id, quantity FROM waitlist WHERE event_id = ? ORDER BY place LIMIT 1),
            taken AS (
                UPDATE events AS e SET booked = e.booked + head.quantity, waiting = e.waiting - 1,
                    version = e.version + 1
                FROM head WHERE e.id = ? AND e.booked + head.quantity <= e.capacity
                RETURNING e.id, e.capacity),
            served AS (
                DELETE FROM waitlist USING head, taken WHERE waitlist.id = head.id RETURNING waitlist.id)
            INSERT INTO bookings (id, event_id, user_id, quantity, status, hold_expires_at, one_place)
            SELECT gen_random_uuid(), taken.id, head.user_id, head.quantity, 'HELD', now() + interval '10 minutes',
                taken.capacity = 1
            FROM taken, head
            """;

    private static final String JOIN_LINE = """
            WITH line AS (
                UPDATE events SET waiting = waiting + 1, version = version + 1
                WHERE id = ? AND booked + ? > capacity RETURNING id)
            INSERT INTO waitlist (id, event_id, user_id, quantity) SELECT ?, id, ?, ? FROM line
            """;

    private final Locking locking;

    public PlainTables(Locking locking) {
        this.locking = locking;
    }

    /**
     * Seats for somebody.
     *
     * @param id of the request; asked again it gets the same answer, and no more seats
     * @param holdSeconds for how long they are held; 0 when they are booked
     */
    public record Seats(UUID id, String eventId, String userId, int quantity, int holdSeconds) {}

    /** Takes seats. */
    public Outcome take(Connection connection, Seats seats) throws SQLException {
        try {
            return switch (locking) {
                case OPTIMISTIC -> takeOptimistically(connection, seats);
                case PESSIMISTIC -> takePessimistically(connection, seats);
                case CONDITIONAL -> takeIfFree(connection, seats);
            };
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            // The same request, or another one for the same place, was quicker.
            return isTaken(connection, seats.id()) ? Outcome.ACCEPTED : Outcome.REFUSED;
        }
    }

    private Outcome takeOptimistically(Connection connection, Seats seats) throws SQLException {
        for (int attempt = 0; attempt <= RETRIES; attempt++) {
            long version;
            try (PreparedStatement read = connection.prepareStatement(READ)) {
                read.setObject(1, seats.id());
                read.setString(2, seats.eventId());
                try (ResultSet row = read.executeQuery()) {
                    if (!row.next()) {
                        return Outcome.NOT_FOUND;
                    }
                    if (row.getString("status") != null) {
                        return Outcome.ACCEPTED;
                    }
                    if (row.getInt("booked") + seats.quantity() > row.getInt("capacity")) {
                        return Outcome.REFUSED;
                    }
                    version = row.getLong("version");
                }
            }
            try (PreparedStatement take = connection.prepareStatement(TAKE_IF_UNCHANGED)) {
                take.setInt(1, seats.quantity());
                take.setString(2, seats.eventId());
                take.setLong(3, version);
                setBooking(take, 4, seats);
                try (ResultSet made = take.executeQuery()) {
                    if (made.next()) {
                        return Outcome.ACCEPTED;
                    }
                }
            }
        }
        return Outcome.GAVE_UP;
    }

    private Outcome takePessimistically(Connection connection, Seats seats) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Outcome outcome = takeLocked(connection, seats);
            if (outcome == Outcome.ACCEPTED) {
                connection.commit();
            } else {
                // Nothing was written. A commit would wait until the disk has that the row was locked.
                connection.rollback();
            }
            return outcome;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static Outcome takeLocked(Connection connection, Seats seats) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(READ_LOCKED)) {
            read.setObject(1, seats.id());
            read.setString(2, seats.eventId());
            try (ResultSet row = read.executeQuery()) {
                if (!row.next()) {
                    return Outcome.NOT_FOUND;
                }
                if (row.getString("status") != null) {
                    return Outcome.ACCEPTED;
                }
                if (row.getInt("booked") + seats.quantity() > row.getInt("capacity")) {
                    // The reading may be older than the wait for the lock, and the same request may have got the last
                    // seat meanwhile.
                    return isTaken(connection, seats.id()) ? Outcome.ACCEPTED : Outcome.REFUSED;
                }
            }
        }
        try (PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setInt(1, seats.quantity());
            take.setString(2, seats.eventId());
            setBooking(take, 3, seats);
            try (ResultSet made = take.executeQuery()) {
                made.next();
                return Outcome.ACCEPTED;
            }
        }
    }

    private static Outcome takeIfFree(Connection connection, Seats seats) throws SQLException {
        try (PreparedStatement take = connection.prepareStatement(TAKE_IF_FREE)) {
            take.setInt(1, seats.quantity());
            take.setString(2, seats.eventId());
            take.setInt(3, seats.quantity());
            setBooking(take, 4, seats);
            take.setInt(9, seats.quantity());
            take.setObject(10, seats.id());
            take.setString(11, seats.eventId());
            try (ResultSet row = take.executeQuery()) {
                if (!row.next()) {
                    return Outcome.NOT_FOUND;
                }
                if (row.getString("made") != null || row.getString("status") != null) {
                    return Outcome.ACCEPTED;
                }
                if (row.getBoolean("was_full")) {
                    return Outcome.REFUSED;
                }
            }
        }
        // As above: while it waited for the row, the same request may have got the last seat.
        return isTaken(connection, seats.id()) ? Outcome.ACCEPTED : Outcome.REFUSED;
    }

    /** Sets the five parameters of a booking, from this one on. */
    private static void setBooking(PreparedStatement statement, int first, Seats seats) throws SQLException {
        boolean held = seats.holdSeconds() > 0;
        statement.setObject(first, seats.id());
        statement.setString(first + 1, seats.userId());
        statement.setInt(first + 2, seats.quantity());
        statement.setString(first + 3, held ? "HELD" : "CONFIRMED");
        // An interval of NULL seconds is NULL, and so is the end of what is no hold.
        statement.setObject(first + 4, held ? (double) seats.holdSeconds() : null, java.sql.Types.DOUBLE);
    }

    private static boolean isTaken(Connection connection, UUID id) throws SQLException {
        try (PreparedStatement read = connection.prepareStatement(STATUS)) {
            read.setObject(1, id);
            try (ResultSet row = read.executeQuery()) {
                return row.next();
            }
        }
    }

    /** Makes a hold a booking. */
    public Outcome confirm(Connection connection, String eventId, UUID bookingId) throws SQLException {
        try (PreparedStatement confirm = connection.prepareStatement(CONFIRM)) {
            confirm.setObject(1, bookingId);
            confirm.setString(2, eventId);
            return confirm.executeUpdate() == 1 ? Outcome.ACCEPTED : Outcome.REFUSED;
        }
    }

    /** Gives seats back, and holds them for those who wait for them. */
    public Outcome cancel(Connection connection, String eventId, UUID bookingId) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Outcome outcome = cancelAndServe(connection, eventId, bookingId);
            connection.commit();
            return outcome;
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static Outcome cancelAndServe(Connection connection, String eventId, UUID bookingId) throws SQLException {
        boolean someWait;
        try (PreparedStatement cancel = connection.prepareStatement(CANCEL)) {
            cancel.setObject(1, bookingId);
            cancel.setString(2, eventId);
            try (ResultSet row = cancel.executeQuery()) {
                if (!row.next()) {
                    return Outcome.REFUSED;
                }
                someWait = row.getInt(1) > 0;
            }
        }
        // The event's row is ours until the commit.
        while (someWait) {
            try (PreparedStatement serve = connection.prepareStatement(SERVE)) {
                serve.setString(1, eventId);
                serve.setString(2, eventId);
                someWait = serve.executeUpdate() == 1;
            }
        }
        return Outcome.ACCEPTED;
    }

    /** Joins the line of an event that has too few seats. */
    public Outcome joinLine(Connection connection, Seats seats) throws SQLException {
        try (PreparedStatement join = connection.prepareStatement(JOIN_LINE)) {
            join.setString(1, seats.eventId());
            join.setInt(2, seats.quantity());
            join.setObject(3, seats.id());
            join.setString(4, seats.userId());
            join.setInt(5, seats.quantity());
            return join.executeUpdate() == 1 ? Outcome.ACCEPTED : Outcome.REFUSED;
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                return Outcome.REFUSED;
            }
            throw e;
        }
    }
}
