package booking.processor.stream;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for stream threads that live and have not polled for so long that they have lost their partitions, tells where they
 * stand, and has another thread started in the place of each. Nobody can end a thread that hangs; when it goes on by itself it
 * finds out that its partitions are gone, and takes part again.
 */
final class HangWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HangWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Collection<PollClock> clocks;
    private final Duration limit;
    private final BooleanSupplier replacement;
    private final Map<PollClock, Long> seenBefore = new HashMap<>();
    private final Set<PollClock> replaced = new HashSet<>();
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "hang-watch");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Begins to look once it is started.
     *
     * @param clocks one for each thread, added as threads are; those of threads that have ended are removed here
     * @param limit after which a thread has lost its partitions
     * @param replacement starts another thread; false when that cannot be done just now
     */
    HangWatch(Collection<PollClock> clocks, Duration limit, BooleanSupplier replacement) {
        this.clocks = clocks;
        this.limit = limit;
        this.replacement = replacement;
    }

    void start() {
        var unused = worker.scheduleWithFixedDelay(
                this::lookAndCarryOn, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookAndCarryOn() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.warn("Threads that hang could not be looked for; trying again", e);
        }
    }

    void look() {
        clocks.removeIf(
                clock -> clock.thread().filter(thread -> !thread.isAlive()).isPresent());
        seenBefore.keySet().retainAll(clocks);
        replaced.retainAll(clocks);
        for (PollClock clock : clocks) {
            clock.thread().ifPresent(thread -> look(clock, thread));
        }
    }

    private void look(PollClock clock, Thread thread) {
        long seen = clock.seenNanos();
        Long before = seenBefore.put(clock, seen);
        Duration since = Duration.ofNanos(System.nanoTime() - seen);
        // At two looks in a row: after the whole process was stopped for a while, a thread needs a moment to be seen.
        if (before == null || before != seen || since.compareTo(limit) <= 0) {
            replaced.remove(clock);
            return;
        }
        if (!replaced.contains(clock) && replacement.getAsBoolean()) {
            replaced.add(clock);
            LOG.error(
                    "{} has not polled for {} s: it hangs, and another thread takes its place. It stands at {}",
                    thread.getName(),
                    since.toSeconds(),
                    Arrays.stream(thread.getStackTrace())
                            .map(StackTraceElement::toString)
                            .collect(Collectors.joining("\n    ", "\n    ", "")));
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
