package booking.gateway.read;

import booking.configuration.DatabaseSettings;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Runs reads on threads of its own, as many as the settings allow connections, with a bounded queue before them. Reads of many rows
 * have half of them at most, so that whoever wants one row is not kept waiting by those who want a thousand. One more of each
 * is for asking whether the tables can be read at all: however many reads wait, that does not.
 */
public final class ReadPool implements AutoCloseable {
    private static final int QUEUE = 1_000;
    /** So large a part of the threads may read many rows at a time. */
    private static final int PART_FOR_MANY = 2;

    private static final int CHECKS = 1;
    private static final Duration QUEUE_PATIENCE = Duration.ofSeconds(5);
    private static final Duration CONNECTION_PATIENCE = Duration.ofSeconds(2);
    private static final Duration STATEMENT_PATIENCE = Duration.ofSeconds(5);
    private static final Duration SOCKET_PATIENCE = Duration.ofSeconds(10);

    private final HikariDataSource connections;
    private final ThreadPoolExecutor threads;
    private final Lane forMany;
    private final ThreadPoolExecutor checking;
    private final BookingReads reads;

    /** Does not need the database to be there yet. */
    public ReadPool(DatabaseSettings database, MeterRegistry meters) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("booking-gateway");
        config.setJdbcUrl(database.url());
        config.setUsername(database.user());
        database.password().ifPresent(config::setPassword);
        config.setMaximumPoolSize(database.poolSize() + CHECKS);
        config.setConnectionTimeout(CONNECTION_PATIENCE.toMillis());
        config.setValidationTimeout(CONNECTION_PATIENCE.toMillis() / 2);
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql("SET statement_timeout = " + STATEMENT_PATIENCE.toMillis());
        config.addDataSourceProperty("ApplicationName", "booking-gateway");
        config.addDataSourceProperty("connectTimeout", CONNECTION_PATIENCE.toSeconds());
        config.addDataSourceProperty("socketTimeout", SOCKET_PATIENCE.toSeconds());
        config.addDataSourceProperty("tcpKeepAlive", true);
        // What the server says in detail is the content of a row, and who is in it must not get into a log.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        config.setMetricRegistry(meters);
        this.connections = new HikariDataSource(config);
        this.reads = new BookingReads(JdbcClient.create(connections));
        AtomicInteger count = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                database.poolSize(),
                database.poolSize(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE),
                task -> new Thread(task, "gateway-read-" + count.incrementAndGet()));
        this.forMany = new Lane(threads, Math.max(1, database.poolSize() / PART_FOR_MANY), QUEUE);
        this.checking = new ThreadPoolExecutor(
                CHECKS,
                CHECKS,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(CHECKS),
                task -> new Thread(task, "gateway-read-check"));
        Gauge.builder("booking.reads.queued", this, ReadPool::queued)
                .description("Reads of the tables that wait for a connection")
                .register(meters);
    }

    private int queued() {
        return threads.getQueue().size() + forMany.waiting();
    }

    /** Reads a row or a few when a thread is free; fails with {@link RejectedExecutionException} when too many wait. */
    public <T> CompletionStage<T> read(Function<BookingReads, T> question) {
        return read(question, threads);
    }

    /** The same for what may be many rows, or look at many. */
    public <T> CompletionStage<T> readMany(Function<BookingReads, T> question) {
        return read(question, forMany);
    }

    private <T> CompletionStage<T> read(Function<BookingReads, T> question, Executor executor) {
        long askedAtNanos = System.nanoTime();
        try {
            return CompletableFuture.supplyAsync(
                    () -> {
                        // While the database is away each read takes long to fail. Whoever stands far back in the line
                        // is told sooner than it would take all those before to fail.
                        if (System.nanoTime() - askedAtNanos > QUEUE_PATIENCE.toNanos()) {
                            throw new RejectedExecutionException("waited too long for its turn");
                        }
                        return question.apply(reads);
                    },
                    executor);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Fails when the tables cannot be read, or when that is being found out already. */
    public CompletionStage<Void> check() {
        try {
            return CompletableFuture.runAsync(reads::check, checking);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        checking.shutdown();
        connections.close();
    }
}
