package booking.chaos;

import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Clients that ask for what a workload makes up, so many times a second, until they are stopped. */
final class Load implements AutoCloseable {
    /** What was not sent in time is not made up for beyond this. */
    private static final long MOST_BEHIND = TimeUnit.SECONDS.toNanos(1);

    /** One in so many asks over HTTP. */
    private static final int HTTP_SHARE = 6;

    private final Workload workload;
    private final Random random;
    private final KafkaClients kafka;
    private final HttpClients http;
    private final long pause;
    private final FutureTask<?> work = new FutureTask<>(Executors.callable(this::run));
    private final Thread thread = new Thread(work, "load");
    private volatile boolean stopped;

    /** @param rate commands a second */
    Load(Workload workload, long seed, KafkaClients kafka, HttpClients http, int rate) {
        this.workload = workload;
        this.random = new Random(seed);
        this.kafka = kafka;
        this.http = http;
        this.pause = TimeUnit.SECONDS.toNanos(1) / rate;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        workload.events().forEach(kafka::send);
        long due = System.nanoTime();
        while (!stopped) {
            due = Math.max(due + pause, System.nanoTime() - MOST_BEHIND);
            Workload.Request request = workload.next();
            boolean overHttp = random.nextInt(HTTP_SHARE) == 0
                    && request.command().filter(http::ask).isPresent();
            if (!overHttp) {
                kafka.send(request);
            }
            while (!stopped && System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    /** @throws IllegalStateException when they have not asked until now, but failed */
    @Override
    public void close() {
        stopped = true;
        try {
            work.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load broke off: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
