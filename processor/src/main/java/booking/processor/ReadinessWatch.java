package booking.processor;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Looks every few seconds whether the processor is ready, so that telling it does not wait for a database that is away. */
final class ReadinessWatch implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final BooleanSupplier streams;
    private final BooleanSupplier database;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "readiness-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean databaseUp;

    ReadinessWatch(BooleanSupplier streams, BooleanSupplier database) {
        this.streams = streams;
        this.database = database;
    }

    void start() {
        var unused = worker.scheduleWithFixedDelay(
                () -> databaseUp = database.getAsBoolean(), 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether the database answered when it was asked last. */
    boolean isDatabaseUp() {
        return databaseUp;
    }

    /** Whether the partitions are there and the database answered when it was asked last. */
    boolean isReady() {
        return databaseUp && streams.getAsBoolean();
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
