package booking.standalone.start;

import java.time.Duration;
import org.slf4j.LoggerFactory;

/**
 * Stops all parts when the process is asked to end, or ends because one of them failed.
 *
 * @param parts what to stop
 * @param progress where to tell
 */
record Stop(Parts parts, Progress progress) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int NOT_WELL = 1;

    void whenTheProcessEnds() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::run, "stop"));
    }

    private void run() {
        if (!parts.isInUse()) {
            return;
        }
        tell("Stopping");
        Thread stopping = new Thread(parts::close, "stop parts");
        stopping.setDaemon(true);
        stopping.start();
        try {
            stopping.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stopping.isAlive()) {
            tell("Not stopped within " + PATIENCE.toSeconds() + " s, ending all the same");
            // Both servers end with this process, and lose nothing that way.
            Runtime.getRuntime().halt(NOT_WELL);
        }
        tell("Stopped");
    }

    /** To the log as well, where a later reader has to tell an orderly end from a crash. */
    private void tell(String what) {
        progress.tell(what);
        LoggerFactory.getLogger(Stop.class).info(what);
    }
}
