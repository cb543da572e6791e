package booking.gateway.send;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Notices that Kafka has stopped answering: something was sent, and nothing has been heard for a while. */
final class Silence {
    private final Duration longest;
    private final LongSupplier nanoClock;
    private final AtomicInteger outstanding = new AtomicInteger();
    private volatile long heardAtNanos;

    Silence(Duration longest, LongSupplier nanoClock) {
        this.longest = longest;
        this.nanoClock = nanoClock;
    }

    void sent() {
        // Before the count, so that nobody sees something outstanding beside an old time.
        if (outstanding.get() == 0) {
            heardAtNanos = nanoClock.getAsLong();
        }
        outstanding.incrementAndGet();
    }

    void heard() {
        heardAtNanos = nanoClock.getAsLong();
        outstanding.decrementAndGet();
    }

    boolean isTooLong() {
        return outstanding.get() > 0 && nanoClock.getAsLong() - heardAtNanos > longest.toNanos();
    }
}
