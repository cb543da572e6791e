package booking.gateway.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Counts the calls of each caller. A caller may make so many at once, and gets them back evenly over the window: a token
 * bucket. Any thread may ask, and none waits.
 *
 * <p>However many callers there are, a fixed number of them is remembered. When there are more, those who call seldom are
 * forgotten first, and start afresh.
 */
public final class Allowances {
    /** Some 20 MB when all are there. */
    private static final int CALLERS_REMEMBERED = 50_000;

    private final int calls;
    private final Duration window;
    private final TimeMeter clock;
    private final Cache<String, Bucket> buckets;

    /**
     * With the clock of this machine.
     *
     * @param calls how many a caller may make in a window
     */
    public Allowances(int calls, Duration window) {
        this(calls, window, System::nanoTime);
    }

    Allowances(int calls, Duration window, LongSupplier nanoClock) {
        this.calls = calls;
        this.window = window;
        this.clock = new NanoClock(nanoClock);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(CALLERS_REMEMBERED)
                // By then the bucket is full again, so nothing is forgotten.
                .expireAfterAccess(window)
                .ticker(nanoClock::getAsLong)
                .executor(Runnable::run)
                .build();
    }

    /** Counts one call of this caller, if it may be made. */
    public Allowance take(String caller) {
        ConsumptionProbe probe = buckets.get(caller, unknown -> fullBucket()).tryConsumeAndReturnRemaining(1);
        return new Allowance(
                probe.isConsumed(),
                probe.getRemainingTokens(),
                Duration.ofNanos(probe.getNanosToWaitForRefill()),
                Duration.ofNanos(probe.getNanosToWaitForReset()));
    }

    /** How long until this caller may make one more call, which is not counted; zero when it may at once. */
    public Duration untilNext(String caller) {
        Bucket bucket = buckets.getIfPresent(caller);
        return bucket == null
                ? Duration.ZERO
                : Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
    }

    private Bucket fullBucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(calls).refillGreedy(calls, window))
                .withCustomTimePrecision(clock)
                .build();
    }

    /** How many callers are remembered now. */
    long callers() {
        buckets.cleanUp();
        return buckets.estimatedSize();
    }

    private record NanoClock(LongSupplier nanos) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return nanos.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
