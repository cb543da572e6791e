package booking.gateway.send;

import booking.schemas.command.CommandType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second how far the processors are, and refuses commands when they are too far behind, before anything is
 * written. Asking it costs no more than reading what was seen last.
 */
public final class BacklogWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BacklogWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final CommandsTopic commands;
    private final CommandPublisher publisher;
    private final String group;
    private final Backlog backlog;
    private final Counter shedAsTooMany;
    private final Counter shedAsStalled;
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "gateway-backlog");
        thread.setDaemon(true);
        return thread;
    });
    /** Known to the thread that looks only. */
    private boolean failing;

    private boolean shedding;

    private BacklogWatch(
            BacklogSettings settings, CommandsTopic commands, CommandPublisher publisher, MeterRegistry meters) {
        this.publisher = publisher;
        this.commands = commands;
        this.group = settings.group();
        this.backlog = new Backlog(settings);
        this.shedAsTooMany = shed("too_many", meters);
        this.shedAsStalled = shed("stalled", meters);
        Gauge.builder(
                        "booking.undecided.commands",
                        backlog,
                        seen -> seen.undecided().map(Long::doubleValue).orElse(Double.NaN))
                .description("Offsets between what the processors have decided and the end of the topic")
                .register(meters);
        Gauge.builder("booking.shedding", backlog, seen -> seen.isShedding() ? 1 : 0)
                .description("1 when new bookings are refused because too many commands are undecided")
                .register(meters);
    }

    private static Counter shed(String why, MeterRegistry meters) {
        return Counter.builder("booking.commands.shed")
                .description("Commands refused because those taken are not decided")
                .tag("why", why)
                .register(meters);
    }

    /** Starts to look. */
    public static BacklogWatch start(
            BacklogSettings settings, CommandsTopic commands, CommandPublisher publisher, MeterRegistry meters) {
        BacklogWatch watch = new BacklogWatch(settings, commands, publisher, meters);
        var unused = watch.looking.scheduleWithFixedDelay(watch::look, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return watch;
    }

    /**
     * A command that is not taken.
     *
     * @param detail why, in words
     * @param retryAfterSeconds when it may be taken again
     */
    public record Refusal(String detail, int retryAfterSeconds) {}

    /** Why a command of this type is not taken now, and counted as that; empty when it is taken. */
    public Optional<Refusal> refusal(CommandType type) {
        return backlog.refusal(type).map(refusal -> {
            (refusal.cause() == Backlog.Cause.STALLED ? shedAsStalled : shedAsTooMany).increment();
            return new Refusal(refusal.detail(), refusal.retryAfterSeconds());
        });
    }

    private void look() {
        try {
            Standing standing = commands.standing(group, publisher.lastWritten())
                    .toCompletableFuture()
                    .join();
            backlog.seen(standing, System.nanoTime());
            if (failing) {
                LOG.info("How far group {} is behind is seen again", group);
            }
            failing = false;
        } catch (RuntimeException e) {
            backlog.notSeen(System.nanoTime());
            if (!failing && !looking.isShutdown()) {
                Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
                LOG.warn("How far group {} is behind cannot be seen; trying again: {}", group, cause.toString());
            }
            failing = true;
        }
        tell();
    }

    private void tell() {
        Optional<Backlog.Refusal> refusal = backlog.refusal(CommandType.BOOK);
        if (refusal.isPresent() != shedding) {
            shedding = refusal.isPresent();
            if (shedding) {
                LOG.warn(
                        "Commands are refused from now on: {} are undecided ({})",
                        backlog.undecided().orElse(0L),
                        refusal.get().cause());
            } else {
                LOG.info("Commands are taken again");
            }
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
