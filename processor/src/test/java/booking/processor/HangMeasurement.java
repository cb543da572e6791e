package booking.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import booking.processor.stream.CrashPoint;
import booking.processor.stream.CrashingProcessor.Action;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long all partitions wait for a thread that hangs while its processor's heartbeats go on. Its group cannot tell it from one
 * that is slow, so it takes {@link TimeoutLadder#MAX_POLL_INTERVAL}: too long for a test. Run by hand; see docs/reliability.md.
 */
class HangMeasurement {
    @ParameterizedTest(name = "another processor: {0}")
    @ValueSource(booleans = {true, false})
    void howLongItTakesUntilAllIsDecided(boolean anotherProcessor) {
        try (BookingSystem system =
                        new BookingSystem(Map.of("BOOKING_TOPICS_PARTITIONS", "2", "BOOKING_PROCESSOR_THREADS", "1"));
                ChildProcessor hanging =
                        new ChildProcessor(system, CrashPoint.AFTER_DATABASE_COMMIT, 1, Action.PAUSE)) {
            system.write(Commands.event(Commands.newEventId(), 1));
            hanging.awaitPause();
            long hangingSince = System.nanoTime();
            if (anotherProcessor) {
                system.startProcessor();
            }

            await("all decided").atMost(Duration.ofMinutes(7)).until(system::isAllDecided);

            Duration waited = Duration.ofNanos(System.nanoTime() - hangingSince);
            System.out.println("another processor: " + anotherProcessor + ", decided " + waited.toMillis()
                    + " ms after the thread began to hang");
            assertThat(hanging.isAlive()).isTrue();
        }
    }
}
