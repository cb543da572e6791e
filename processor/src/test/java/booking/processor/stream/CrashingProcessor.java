package booking.processor.stream;

import booking.processor.ProcessorSettings;
import booking.processor.TimeoutLadder;
import booking.processor.desk.Desk;
import booking.processor.store.BookingDatabase;
import booking.processor.store.BookingStore;
import booking.telemetry.Tracing;
import java.util.Locale;
import java.util.UUID;

/**
 * A processor, told by {@code BOOKING_} variables, that ends or stands still at a moment that it is told. It is the real
 * one but for its clients: they count the moments, and the brokers do not end their transactions.
 */
public final class CrashingProcessor {
    /** The exit code of one that has ended as it was told. */
    public static final int HALTED = 70;

    /** The exit code of one whose test has ended. */
    static final int ABANDONED = 71;

    /** What is done at the moment. */
    public enum Action {
        HALT,
        /** Waits, in the thread that decides, for a line on the standard input. */
        PAUSE;

        /** What is said on the standard output just before. */
        public String said(CrashPoint point) {
            return name().toLowerCase(Locale.ROOT) + " at " + point;
        }
    }

    private CrashingProcessor() {}

    /** Takes a {@link CrashPoint}, the how manieth time counts, and an {@link Action}. */
    public static void main(String[] arguments) throws Exception {
        CrashPlan plan = new CrashPlan(
                CrashPoint.valueOf(arguments[0]), Integer.parseInt(arguments[1]), Action.valueOf(arguments[2]));
        plan.listen();
        ProcessorSettings settings = ProcessorSettings.from(System.getenv());
        WatchedDriver.install(settings.database().url(), plan);
        // As in ProcessorApplication.
        BookingDatabase database = new BookingDatabase(settings.database());
        CommandsTopic topic = new CommandsTopic(settings);
        BookingStore store = database.store();
        UUID topicId = topic.id();
        ProgressComparison progress = new ProgressComparison(settings, topic, topicId);
        new StartChecks(settings, topic, topicId, store, progress).run();
        Desk desk =
                new Desk(database.transactions(), store, settings.locking(), topicId, TimeoutLadder.DATABASE_PATIENCE);
        BookingStreams streams = new BookingStreams(
                settings, desk, progress, Tracing.off(), new WatchedClients(settings.pollPause(), plan));
        AbandonedTransactions abandoned = new AbandonedTransactions(settings);
        streams.start();
        abandoned.start();
        streams.failure().get();
    }
}
