package booking.chaos;

import java.time.Duration;
import java.util.Optional;

/** Waiting for what happens elsewhere. */
final class Waiting {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private Waiting() {}

    /** What is waited for. */
    interface Condition {
        boolean holds() throws InterruptedException;
    }

    /** Where something is to be had, or not yet. */
    interface Source<T> {
        Optional<T> look() throws InterruptedException;
    }

    /** Returns once it holds; false when it does not within this time. */
    static boolean until(Duration time, Condition condition) throws InterruptedException {
        return untilThereIs(time, () -> condition.holds() ? Optional.of(true) : Optional.empty())
                .isPresent();
    }

    /** Returns once there is something; empty when there is nothing within this time. */
    static <T> Optional<T> untilThereIs(Duration time, Source<T> source) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        Optional<T> found = source.look();
        while (found.isEmpty() && System.nanoTime() - deadline <= 0) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            found = source.look();
        }
        return found;
    }
}
