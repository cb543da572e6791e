package booking.gateway.engine;

import booking.gateway.read.DecidedBatches;
import booking.gateway.read.ReadPool;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks now and then in what portions commands are decided: the tables tell which transaction wrote what. */
public final class BatchWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BatchWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final ReadPool reads;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "gateway-batch-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile double batchCommands = Double.NaN;

    private BatchWatch(ReadPool reads) {
        this.reads = reads;
    }

    /** Starts to look. */
    public static BatchWatch start(ReadPool reads, MeterRegistry registry) {
        BatchWatch watch = new BatchWatch(reads);
        Gauge.builder("booking.recent.batch.commands", watch, at -> at.batchCommands)
                .description("Commands decided in one transaction, on average over the last ten seconds")
                .register(registry);
        var unused = watch.looking.scheduleWithFixedDelay(watch::look, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    private void look() {
        try {
            batchCommands = reads.read(tables -> tables.recentBatches()
                            .map(DecidedBatches::commandsPerTransaction)
                            .orElse(Double.NaN))
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            LOG.debug("Cannot look at the batches: {}", e.toString());
            batchCommands = Double.NaN;
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
