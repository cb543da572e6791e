package booking.processor;

import booking.configuration.SettingsException;
import booking.processor.desk.Desk;
import booking.processor.store.BookingDatabase;
import booking.processor.store.BookingStore;
import booking.processor.stream.BookingStreams;
import booking.processor.stream.CommandsTopic;
import booking.processor.stream.StartChecks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processor, wired and running. Stop it with {@link #close()}. */
public final class ProcessorApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessorApplication.class);

    private final BookingDatabase database;
    private final CommandsTopic topic;
    private final Desk desk;
    private final BookingStreams streams;
    private final OutcomePruner pruner;
    private final HealthServer health;

    private ProcessorApplication(ProcessorSettings settings, BookingDatabase database, CommandsTopic topic)
            throws IOException {
        this.database = database;
        this.topic = topic;
        BookingStore store = database.store();
        new StartChecks(settings, topic, store).run();
        this.desk = new Desk(
                database.transactions(), store, settings.locking(), topic.id(), TimeoutLadder.DATABASE_PATIENCE);
        this.streams = new BookingStreams(settings, desk);
        this.pruner = new OutcomePruner(store, topic, settings.outcomeRetention());
        this.health = new HealthServer(
                settings.healthHost(),
                settings.healthPort(),
                () -> !streams.failure().isDone(),
                this::isReady);
    }

    /**
     * Starts a processor. Tables and topics must be there.
     *
     * @throws RuntimeException when it cannot be started; nothing is left running then
     */
    public static ProcessorApplication start(ProcessorSettings settings) {
        BookingDatabase database = new BookingDatabase(settings.database());
        CommandsTopic topic = new CommandsTopic(settings);
        try {
            ProcessorApplication application = new ProcessorApplication(settings, database, topic);
            application.streams.start();
            application.pruner.start();
            return application;
        } catch (RuntimeException | IOException e) {
            topic.close();
            database.close();
            throw e instanceof IOException io
                    ? new UncheckedIOException("health cannot be told", io)
                    : (RuntimeException) e;
        }
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
        desk.close();
        pruner.close();
        streams.close();
        health.close();
        topic.close();
        database.close();
    }

    /** Runs a processor, told by {@code BOOKING_} variables, until it is asked to stop. */
    public static void main(String[] arguments) throws InterruptedException {
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
