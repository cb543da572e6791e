package booking.standalone.start;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** What has been started so far, to be stopped in the reverse order, also in the middle of starting. */
final class Parts implements AutoCloseable {
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private volatile boolean inUse;
    private volatile boolean closed;

    /** Starts one more; not when stopping has begun. */
    synchronized <T extends AutoCloseable> T start(Supplier<T> part) {
        if (closed) {
            throw new StoppedException();
        }
        T running = part.get();
        inUse = true;
        started.push(running);
        return running;
    }

    /** Whether anything was started and not all is stopped. */
    boolean isInUse() {
        return inUse;
    }

    boolean isClosed() {
        return closed;
    }

    /** Stops all. A part that is just starting is waited for, and then is the first to be stopped. */
    @Override
    public void close() {
        closed = true;
        stopAll();
    }

    private synchronized void stopAll() {
        RuntimeException failures = new IllegalStateException("not everything could be stopped well");
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                // The others are to be stopped all the same.
                failures.addSuppressed(e);
            }
        }
        inUse = false;
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }

    /** Nothing more is started, because the system is being stopped. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        StoppedException() {
            super("stopped while starting");
        }
    }
}
