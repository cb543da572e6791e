package booking.chaos;

import java.time.Duration;

/** Waiting for what happens elsewhere. */
final class Waiting {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private Waiting() {}

    /** What is waited for. */
    interface Condition {
        boolean holds() throws InterruptedException;
    }

    /** Returns once it holds; false when it does not within this time. */
    static boolean until(Duration time, Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(BETWEEN_LOOKS.toMillis());
        }
        return true;
    }
}
