package booking.processor.stream;

import booking.processor.store.BookingStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Has the progress in the tables follow the group's offsets over what are no commands. The tables move with commands, the
 * group also over the markers of transactions and what was aborted; once the topic has deleted these, nobody can tell any more
 * that there were no commands, and the next start would have to refuse. So it is noted long before, while it can be seen.
 */
public final class ProgressKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressKeeper.class);
    /** What a processor that is stopped has not noted may be deleted before the next one starts. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final CommandsTopic topic;
    private final UUID topicId;
    private final TransactionTemplate transactions;
    private final BookingStore store;
    private final ProgressComparison comparison;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "progress-keeper");
        thread.setDaemon(true);
        return thread;
    });

    /** @param topicId of the commands topic */
    public ProgressKeeper(
            CommandsTopic topic,
            UUID topicId,
            TransactionTemplate transactions,
            BookingStore store,
            ProgressComparison comparison) {
        this.topic = topic;
        this.topicId = topicId;
        this.transactions = transactions;
        this.store = store;
        this.comparison = comparison;
    }

    /** Starts to look every minute; returns at once. */
    public void start() {
        var unused = worker.scheduleWithFixedDelay(
                () -> {
                    try {
                        follow();
                    } catch (RuntimeException e) {
                        LOG.warn(
                                "The progress of quiet partitions cannot be brought up to the group's offsets; trying again",
                                e);
                    }
                },
                PAUSE.toMillis(),
                PAUSE.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /**
     * Looks once.
     *
     * @throws IllegalStateException when the tables are behind for another reason: they lack what was decided
     */
    public void follow() {
        // The offsets first: processors move the progress before them.
        Map<Integer, Long> ahead = new HashMap<>(topic.committedOffsets());
        Map<Integer, Long> progress = store.progress(topicId);
        ahead.entrySet().removeIf(offset -> offset.getValue() <= progress.getOrDefault(offset.getKey(), 0L));
        if (ahead.isEmpty()) {
            return;
        }
        comparison.requireNotBehind(ahead, progress);
        transactions.executeWithoutResult(status -> {
            // The database that was compared is still there, and has not been put back meanwhile.
            Map<Integer, Long> locked = store.lockProgress(topicId, ahead.keySet());
            ahead.keySet()
                    .removeIf(partition -> locked.getOrDefault(partition, 0L) < progress.getOrDefault(partition, 0L));
            store.moveProgress(topicId, ahead);
        });
        LOG.atDebug()
                .setMessage("The progress of quiet partitions is brought up to the group's offsets")
                .addKeyValue("partitions", ahead)
                .log();
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
