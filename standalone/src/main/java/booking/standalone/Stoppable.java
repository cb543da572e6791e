package booking.standalone;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** A command that takes its time, and tidies up also when the process is asked to end, as by Ctrl-C. */
public final class Stoppable {
    private static final int STOP_SECONDS = 60;

    private Stoppable() {}

    /**
     * Runs it. When the process is asked to end, this thread is interrupted, and the end waits until the command is done, for
     * a minute at most.
     *
     * @return what the command returns
     */
    public static int run(IntSupplier command) {
        Thread here = Thread.currentThread();
        CountDownLatch done = new CountDownLatch(1);
        Thread stop = new Thread(
                () -> {
                    here.interrupt();
                    try {
                        var unused = done.await(STOP_SECONDS, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            return command.getAsInt();
        } finally {
            done.countDown();
        }
    }
}
