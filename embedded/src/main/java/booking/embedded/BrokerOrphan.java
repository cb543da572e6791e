package booking.embedded;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A broker whose parent was killed: it shuts down by itself, which takes a moment.
 *
 * @param directory where it runs
 */
record BrokerOrphan(ServerDirectory directory) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    /** Waits for its end; one that hangs is killed. */
    void end() {
        if (isGoneWithin(PATIENCE)) {
            return;
        }
        Signals.killAndAwait(
                ProcessLock.lastHolder(directory.resolve(BrokerMain.LOCK)).filter(BrokerOrphan::isBroker).stream()
                        .toList(),
                AFTER_KILL);
        if (!isGoneWithin(AFTER_KILL)) {
            throw new EmbeddedServerException("another process holds " + directory.resolve(BrokerMain.LOCK));
        }
    }

    private boolean isGoneWithin(Duration time) {
        long deadlineNanos = System.nanoTime() + time.toNanos();
        while (true) {
            Optional<ProcessLock> lock = ProcessLock.tryAcquire(directory.resolve(""), BrokerMain.LOCK);
            if (lock.isPresent()) {
                lock.get().close();
                return true;
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /** The id in the file may have gone to another process; ours tells by its arguments. */
    static boolean isBroker(ProcessHandle process) {
        return process.info().arguments().stream()
                .flatMap(Arrays::stream)
                .anyMatch(List.of(BrokerMain.class.getName())::contains);
    }
}
