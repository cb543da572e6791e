package booking.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** A process that we started, and those that it started. */
final class ChildProcess {
    private static final Duration AFTER_KILL = Duration.ofSeconds(10);

    private final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /** Starts it from a thread of its own. */
    static ChildProcess start(String name, ProcessBuilder builder) {
        CompletableFuture<Process> started = new CompletableFuture<>();
        // "Tell me when my parent dies" means the thread that started the process, not the parent process: on Linux
        // the server would be told to end when a pooled thread does. So this thread lives as long as the server.
        Thread keeper = new Thread(
                () -> {
                    try {
                        Process process = builder.start();
                        started.complete(process);
                        process.waitFor();
                    } catch (IOException | InterruptedException e) {
                        started.completeExceptionally(e);
                    }
                },
                "keeper of " + name);
        keeper.setDaemon(true);
        keeper.start();
        try {
            return new ChildProcess(started.join());
        } catch (CompletionException e) {
            throw new EmbeddedServerException("cannot start " + name + ": " + e.getCause(), e);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Sends SIGINT, which Java cannot. */
    void interrupt() {
        Signals.interrupt(process.toHandle());
    }

    /** Closes its standard input. */
    void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException gone) {
            // Then it has ended already, which is what we want.
        }
    }

    /** Waits for the end; false when it has not come in time. */
    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends it with SIGKILL, then what is left of its own children. */
    void kill() {
        // Children are found through their parent, so before it is gone.
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        endsWithin(AFTER_KILL);
        Signals.killAndAwait(children, AFTER_KILL);
    }
}
