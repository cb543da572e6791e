package booking.processor.desk;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far this process has itself brought each partition, by transactions that the database has told it are committed.
 * What the tables say can be more, as others work on the partitions too, and never less, unless somebody has put them
 * back: a standby that had not everything has taken over, or a backup was restored under a running processor. Whoever goes
 * on then sells places twice. Safe for use by many threads.
 */
final class CommittedProgress {
    private final Map<Integer, Long> nextOffsets = new ConcurrentHashMap<>();

    /** These are committed. */
    void moveTo(Map<Integer, Long> committed) {
        committed.forEach((partition, next) -> nextOffsets.merge(partition, next, Math::max));
    }

    /**
     * Compares what the tables say with what they once had.
     *
     * @param stored for each partition the first offset that has not been decided yet, 0 where none is said
     * @throws IllegalStateException when the tables know less, with what to do
     */
    void requireKept(Map<Integer, Long> stored) {
        stored.forEach((partition, next) -> {
            long committed = nextOffsets.getOrDefault(partition, 0L);
            if (next < committed) {
                throw new IllegalStateException(
                        "The database was put back while this processor was running: of partition "
                                + partition + " it had all commands before offset " + committed
                                + ", and now has those before "
                                + next
                                + " only. What was between them is answered already, so nothing more is decided. "
                                + "Bring back the database that has these commits; a start says what else can be done.");
            }
        });
    }
}
