package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;

/** What must be true of the tables at any moment. */
final class Tables {
    private Tables() {}

    /** Fails unless the counters of these events are the sums of their bookings, and nothing is oversold. */
    static void requireTrue(Collection<String> eventIds) {
        List<String> wrong = RealDesk.sql()
                .sql("""
                        SELECT id FROM events AS e WHERE id IN (:ids) AND (confirmed + held > capacity
                            OR (confirmed, held, waiting) <> (
                                SELECT coalesce(sum(quantity) FILTER (WHERE status = 'CONFIRMED'), 0),
                                    coalesce(sum(quantity) FILTER (WHERE status = 'HELD'), 0),
                                    (SELECT count(*) FROM waitlist WHERE event_id = e.id)
                                FROM bookings WHERE event_id = e.id))""")
                .param("ids", new HashSet<>(eventIds))
                .query(String.class)
                .list();
        assertThat(wrong)
                .as("events that are oversold, or whose counters are not the sums of their bookings")
                .isEmpty();
    }
}
