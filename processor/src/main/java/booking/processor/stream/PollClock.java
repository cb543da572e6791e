package booking.processor.stream;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When a stream thread was seen polling last. */
final class PollClock {
    private volatile @Nullable Thread thread;
    private volatile long seenNanos = System.nanoTime();

    /** The current thread begins a poll, or has one. */
    void tick() {
        thread = Thread.currentThread();
        seenNanos = System.nanoTime();
    }

    /** Who polls; empty before the first time. */
    Optional<Thread> thread() {
        return Optional.ofNullable(thread);
    }

    /** As {@link System#nanoTime()} tells it. */
    long seenNanos() {
        return seenNanos;
    }
}
