package booking.embedded;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** What is done to the end though whoever waits for it is interrupted, as by Ctrl-C: tidying up. */
public final class Undisturbed {
    private Undisturbed() {}

    /** Does it on a thread that nobody interrupts, and waits until it is done. */
    public static void run(Runnable work) {
        try {
            CompletableFuture.runAsync(work, task -> new Thread(task, "tidying up").start())
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }
}
