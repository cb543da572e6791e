package booking.processor;

import booking.configuration.SettingsException;
import booking.processor.desk.Desk;
import booking.processor.followup.FollowUpWriter;
import booking.processor.store.BookingDatabase;
import booking.processor.store.BookingStore;
import booking.processor.stream.AbandonedTransactions;
import booking.processor.stream.BookingStreams;
import booking.processor.stream.CommandsTopic;
import booking.processor.stream.LagWatch;
import booking.processor.stream.ProgressComparison;
import booking.processor.stream.ProgressKeeper;
import booking.processor.stream.StartChecks;
import booking.telemetry.Logs;
import booking.telemetry.Meters;
import booking.telemetry.Tracing;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processor, wired and running. Stop it with {@link #close()}. */
public final class ProcessorApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessorApplication.class);

    private final BookingDatabase database;
    private final BookingStreams streams;
    private final HealthServer health;
    private final Deque<Runnable> closings;

    private ProcessorApplication(
            BookingDatabase database, BookingStreams streams, HealthServer health, Deque<Runnable> closings) {
        this.database = database;
        this.streams = streams;
        this.health = health;
        this.closings = closings;
    }

    /**
     * Starts a processor. Tables and topics must be there.
     *
     * @throws RuntimeException when it cannot be started; nothing is left running then
     */
    public static ProcessorApplication start(ProcessorSettings settings) {
        Deque<Runnable> closings = new ArrayDeque<>();
        try {
            return start(settings, closings);
        } catch (RuntimeException e) {
            closings.forEach(Runnable::run);
            throw e;
        }
    }

    /** @param closings takes how to close each part, the last first */
    private static ProcessorApplication start(ProcessorSettings settings, Deque<Runnable> closings) {
        Meters meters = new Meters();
        closings.push(meters::close);
        Tracing tracing = Tracing.start("booking-processor", settings.tracing());
        closings.push(tracing::close);
        BookingDatabase database = new BookingDatabase(settings.database());
        closings.push(database::close);
        database.reportTo(meters.registry());
        CommandsTopic topic = new CommandsTopic(settings);
        closings.push(topic::close);
        BookingStore store = database.store();
        UUID topicId = topic.id();
        ProgressComparison progress = new ProgressComparison(settings, topic, topicId);
        new StartChecks(settings, topic, topicId, store, progress).run();
        ProcessorMeters reported = new ProcessorMeters(meters.registry());
        Desk desk = new Desk(
                database.transactions(),
                store,
                settings.locking(),
                topicId,
                TimeoutLadder.DATABASE_PATIENCE,
                reported,
                new BatchLog(settings.slowBatch()));
        BookingStreams streams = new BookingStreams(settings, desk, progress, tracing);
        closings.push(streams::close);
        // Before the streams: one of their threads may wait for the database, with a poll in hand.
        closings.push(desk::close);
        OutcomePruner pruner = new OutcomePruner(store, topic, settings.outcomeRetention());
        closings.push(pruner::close);
        FollowUpWriter followUps = new FollowUpWriter(settings, store);
        closings.push(followUps::close);
        ProgressKeeper keeper = new ProgressKeeper(topic, topicId, database.transactions(), store, progress);
        closings.push(keeper::close);
        LagWatch lag = new LagWatch(settings, reported::lag);
        closings.push(lag::close);
        ReadinessWatch readiness = new ReadinessWatch(streams::isRunning, database::isReachable);
        closings.push(readiness::close);
        reported.report(streams);
        reported.report(followUps);
        reported.report(readiness);
        AbandonedTransactions abandoned = new AbandonedTransactions(settings);
        closings.push(abandoned::close);
        AbandonedSessions sessions = new AbandonedSessions(store);
        closings.push(sessions::close);
        HealthServer health = new HealthServer(
                settings.healthHost(),
                settings.healthPort(),
                () -> !streams.failure().isDone(),
                streams::isRunning,
                database::isReachable,
                meters::scrape);
        closings.push(health::close);
        streams.start();
        pruner.start();
        followUps.start();
        keeper.start();
        lag.start();
        readiness.start();
        abandoned.start();
        sessions.start();
        LOG.info(
                "Works in group {} on {}; health and metrics at http://{}:{}",
                settings.group(),
                settings.topics().commands(),
                settings.healthHost(),
                health.port());
        return new ProcessorApplication(database, streams, health, closings);
    }

    /** Whether it has its partitions and the database answers. */
    public boolean isReady() {
        return streams.isRunning() && database.isReachable();
    }

    /** Where health is told. */
    public int healthPort() {
        return health.port();
    }

    /** Completes exceptionally when the processor has stopped for a reason that trying again cannot mend. */
    public CompletableFuture<Void> failure() {
        return streams.failure();
    }

    @Override
    public void close() {
        closings.forEach(Runnable::run);
    }

    /** Runs a processor, told by {@code BOOKING_} variables, until it is asked to stop. */
    public static void main(String[] arguments) throws InterruptedException {
        Logs.takeOver();
        try {
            ProcessorApplication application = start(ProcessorSettings.from(System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(application::close, "shutdown"));
            application.failure().get();
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (ExecutionException | RuntimeException e) {
            LOG.error("The processor stops", e);
            System.exit(1);
        }
    }
}
