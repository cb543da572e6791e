package booking.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Signals to processes, and waiting for what they do. */
public final class Signals {
    private Signals() {}

    /** Sends a signal, by its name without SIG. A process that is gone already is none of our worries. */
    public static void send(String signal, ProcessHandle process) {
        try {
            // The shell's own kill: a separate program of that name is not everywhere.
            new ProcessBuilder("sh", "-c", "kill -\"$1\" \"$2\"", "sh", signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new EmbeddedServerException("cannot run sh to send a signal: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends SIGKILL to all and waits until they are gone. */
    static void killAndAwait(Collection<ProcessHandle> processes, Duration time) {
        processes.forEach(ProcessHandle::destroyForcibly);
        if (!endWithin(processes, time)) {
            throw new EmbeddedServerException("processes survived SIGKILL: "
                    + processes.stream()
                            .filter(ProcessHandle::isAlive)
                            .map(ProcessHandle::pid)
                            .toList());
        }
    }

    /** Waits until all are gone; false when they are not in time. */
    static boolean endWithin(Collection<ProcessHandle> processes, Duration time) {
        CompletableFuture<?> allGone = CompletableFuture.allOf(
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new));
        try {
            allGone.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
