package booking.processor.stream;

import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Where a processor is to end as if by {@code kill -9}, or to stand still; for a processor of one thread. */
final class CrashPlan {
    private final CrashPoint point;
    private final AtomicInteger timesLeft;
    private final CrashingProcessor.Action action;
    private final CountDownLatch resumed = new CountDownLatch(1);
    private int forwards;

    /** @param times the how manieth time counts */
    CrashPlan(CrashPoint point, int times, CrashingProcessor.Action action) {
        this.point = point;
        this.timesLeft = new AtomicInteger(times);
        this.action = action;
    }

    /** Goes on when a line comes in, and ends the process when none can come any more: then its test has ended. */
    void listen() {
        Thread listener = new Thread(
                () -> {
                    try (Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8)) {
                        while (lines.hasNextLine()) {
                            lines.nextLine();
                            resumed.countDown();
                        }
                    }
                    Runtime.getRuntime().halt(CrashingProcessor.ABANDONED);
                },
                "listener");
        listener.setDaemon(true);
        listener.start();
    }

    /** Called each time that this moment has come. */
    void reached(CrashPoint reached) {
        if (reached == CrashPoint.AFTER_DATABASE_COMMIT) {
            forwards = 0;
        }
        if (reached == point && timesLeft.decrementAndGet() == 0) {
            System.out.println(action.said(point));
            System.out.flush();
            act();
        }
    }

    /**
     * Called before each forward.
     *
     * @param publish makes sure that the brokers have what was forwarded so far
     */
    void forwarding(Runnable publish) {
        forwards++;
        if (forwards == 2) {
            publish.run();
            reached(CrashPoint.BETWEEN_FORWARDS);
        }
    }

    private void act() {
        switch (action) {
            case HALT -> Runtime.getRuntime().halt(CrashingProcessor.HALTED);
            case PAUSE -> {
                try {
                    resumed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
