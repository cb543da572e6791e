package booking.processor.desk;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far each partition has been brought, as far as this process knows it: by transactions of its own that the database
 * has told it are committed, and for partitions that it takes over by what others have published. What the tables say can
 * be more, as others work on the partitions too, and never less, unless somebody has put them back: a standby that had not
 * everything has taken over, or a backup was restored under a running processor. Whoever goes on then sells places twice.
 * Safe for use by many threads.
 */
final class CommittedProgress {
    private final Map<Integer, Long> nextOffsets = new ConcurrentHashMap<>();
    /** The partitions of which their threads have committed nothing since they took them over. */
    private final Map<Integer, Takeover> takenOver = new ConcurrentHashMap<>();

    private record Takeover(Thread by, TakeoverCheck check) {}

    /** A partition comes to this thread, perhaps from another processor, of whose commits nothing is known here. */
    void takeOver(int partition, TakeoverCheck check) {
        takenOver.put(partition, new Takeover(Thread.currentThread(), check));
    }

    /** These are committed, by this thread. */
    void moveTo(Map<Integer, Long> committed) {
        committed.forEach((partition, next) -> {
            nextOffsets.merge(partition, next, Math::max);
            // Another thread may have hung until the partition was no longer its own, and commit now what it had of
            // it: that says nothing about what others have decided since.
            Takeover takeover = takenOver.get(partition);
            if (takeover != null && takeover.by == Thread.currentThread()) {
                takenOver.remove(partition, takeover);
            }
        });
    }

    /**
     * Compares what the tables say with what they once had.
     *
     * @param stored for each partition the first offset that has not been decided yet, 0 where none is said
     * @param batches what comes next of them
     * @throws IllegalStateException when the tables know less, with what to do
     */
    void requireKept(Map<Integer, Long> stored, List<CommandBatch> batches) {
        Map<TakeoverCheck, Map<Integer, Long>> unknown = new HashMap<>();
        for (CommandBatch batch : batches) {
            int partition = batch.partition();
            long next = stored.getOrDefault(partition, 0L);
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
            Takeover takeover = takenOver.get(partition);
            // Where the batch begins with what is decided already, nothing can be missing before it.
            if (takeover != null && next < batch.records().get(0).offset()) {
                unknown.computeIfAbsent(takeover.check, none -> new HashMap<>()).put(partition, next);
            }
        }
        unknown.forEach((check, progress) -> {
            check.requireNotBehind(progress);
            // Known from now on, also when this transaction does not come to its end and another one tries again.
            moveTo(progress);
        });
    }
}
