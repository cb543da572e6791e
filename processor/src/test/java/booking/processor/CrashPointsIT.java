package booking.processor;

import booking.processor.store.Locking;
import booking.processor.stream.CrashPoint;
import booking.processor.stream.CrashingProcessor.Action;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A processor that ends at once, without a chance to tidy up, between any two steps of the commit protocol. */
class CrashPointsIT {
    /** The first times are those of the first poll; by the third, there is something to lose. */
    private static final int TIME = 3;

    @ParameterizedTest
    @EnumSource
    void everyCommandIsAnsweredOnceAfterACrashAtEachPoint(Locking locking) throws Exception {
        try (BookingSystem system = new BookingSystem(Map.of(
                        "BOOKING_LOCKING", locking.name().toLowerCase(Locale.ROOT),
                        "BOOKING_TOPICS_PARTITIONS", "4",
                        "BOOKING_PROCESSOR_THREADS", "1",
                        "BOOKING_PROCESSOR_MAX_BATCH", "100",
                        "BOOKING_PROCESSOR_SESSION_TIMEOUT", "1s"));
                Load load = Load.start(system)) {
            for (CrashPoint point : CrashPoint.values()) {
                try (ChildProcessor processor = new ChildProcessor(system, point, TIME, Action.HALT)) {
                    processor.awaitHalt();
                }
            }
            // Quickly through all that none of them got to.
            system.environment().remove("BOOKING_PROCESSOR_MAX_BATCH");
            system.startProcessor();
            load.awaitMoreBookings(500);
            load.requireEveryCommandAnsweredOnce();
        }
    }
}
