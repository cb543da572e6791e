package booking.processor;

import booking.processor.store.BookingStore;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the database sessions of processors that were stopped in the middle of a statement: neither the time of a statement nor
 * that of an idle transaction runs out for a server that waits for its client, to send the rest of a {@code COPY} or to take an
 * answer, and the locks of such a session keep the successor waiting.
 *
 * <p>What is safe does not rest on this: whose session is ended by mistake loses a transaction that was not committed, and
 * decides anew.
 */
final class AbandonedSessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedSessions.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final BookingStore store;
    private boolean failing;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "abandoned-sessions");
        thread.setDaemon(true);
        return thread;
    });

    AbandonedSessions(BookingStore store) {
        this.store = store;
    }

    /** Starts to look from time to time; returns at once. */
    void start() {
        var unused =
                worker.scheduleWithFixedDelay(this::end, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void end() {
        try {
            int ended = store.endAbandonedSessions(TimeoutLadder.IDLE_IN_TRANSACTION);
            if (ended > 0) {
                LOG.warn(
                        "Database sessions ended whose processors were stopped in the middle of a statement: {}",
                        ended);
            }
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("Sessions of processors that were stopped cannot be looked for; trying again", e);
            }
            failing = true;
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
