package booking.gateway.read;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks on threads that others use, too, so many at a time at most. More of them wait in a bounded line of their own, and
 * keep nobody else waiting. Any thread may hand them in.
 */
final class Lane implements Executor {
    private final Executor threads;
    private final int mostAtOnce;
    private final int longestLine;

    // Guarded by this object.
    private final Queue<Runnable> line = new ArrayDeque<>();
    private int running;

    Lane(Executor threads, int mostAtOnce, int longestLine) {
        this.threads = threads;
        this.mostAtOnce = mostAtOnce;
        this.longestLine = longestLine;
    }

    /**
     * Runs this when its turn comes.
     *
     * @param task throws nothing
     * @throws RejectedExecutionException when too many wait, here or for the threads
     */
    @Override
    public synchronized void execute(Runnable task) {
        if (running < mostAtOnce) {
            threads.execute(() -> runAllFrom(task));
            running++;
        } else if (line.size() < longestLine) {
            line.add(task);
        } else {
            throw new RejectedExecutionException("too many wait");
        }
    }

    /** How many wait for their turn. */
    synchronized int waiting() {
        return line.size();
    }

    private void runAllFrom(Runnable first) {
        for (Runnable task = first; task != null; task = next()) {
            task.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = line.poll();
        if (next == null) {
            running--;
        }
        return next;
    }
}
