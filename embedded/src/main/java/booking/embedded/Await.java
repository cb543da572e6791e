package booking.embedded;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a server that is starting. */
final class Await {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private Await() {}

    /** Returns when it is ready, or throws with the end of its log when it has ended or time is up. */
    static void ready(String name, Duration time, ChildProcess server, ServerLog log, BooleanSupplier isReady) {
        long deadlineNanos = System.nanoTime() + time.toNanos();
        while (!isReady.getAsBoolean()) {
            if (!server.isAlive()) {
                throw new EmbeddedServerException(name + " ended while starting (exit code " + server.exitCode()
                        + "); the end of " + log.file() + ":\n" + log.lastLines());
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new EmbeddedServerException(name + " was not ready within " + time.toSeconds() + " s; the end of "
                        + log.file() + ":\n" + log.lastLines());
            }
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw new EmbeddedServerException("interrupted while " + name + " was starting");
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }
}
