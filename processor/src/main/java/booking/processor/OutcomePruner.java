package booking.processor;

import booking.processor.store.BookingStore;
import booking.processor.stream.CommandsTopic;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the outcomes of old commands, a few at a time, so that it is not felt. */
final class OutcomePruner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutcomePruner.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);
    private static final int BATCH = 1_000;
    private static final Duration PAUSE_BETWEEN_BATCHES = Duration.ofMillis(50);

    private final BookingStore store;
    private final CommandsTopic topic;
    private final Duration retention;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "outcome-pruner");
        thread.setDaemon(true);
        return thread;
    });

    /** @param retention least age of an outcome to be removed; an age at which the topic still has the command is not enough */
    OutcomePruner(BookingStore store, CommandsTopic topic, Duration retention) {
        this.store = store;
        this.topic = topic;
        this.retention = retention;
    }

    void start() {
        var unused = worker.schedule(this::prune, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Removes one batch, and comes back: soon when there is more, else later. */
    private void prune() {
        Duration pause = PAUSE;
        try {
            if (pruneBatch() == BATCH) {
                pause = PAUSE_BETWEEN_BATCHES;
            }
        } catch (RuntimeException e) {
            LOG.warn("Old outcomes could not be removed; trying again later", e);
        }
        if (!worker.isShutdown()) {
            var unused = worker.schedule(this::prune, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Removes up to one batch, and says how many. */
    int pruneBatch() {
        // A topic that keeps commands forever may give us any of them again, and wants all answers kept.
        Optional<Duration> kept = topic.retention();
        if (kept.isEmpty()) {
            return 0;
        }
        Duration age = kept.get().compareTo(retention) > 0 ? kept.get() : retention;
        return store.pruneOutcomes(age, BATCH);
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
