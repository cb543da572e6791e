package booking.processor;

import static org.awaitility.Awaitility.await;

import booking.schemas.command.Command;
import booking.schemas.result.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StopUnderLoadIT {
    private static final int COMMANDS = 16_000;
    private static final int STOPS = 4;

    @Test
    void aProcessorThatIsStoppedUnderLoadLeavesNoCommandUnansweredAndNoneAnsweredTwice() {
        // Small batches make many polls, and so many moments in which a stop can come.
        try (BookingSystem system =
                new BookingSystem(Map.of("BOOKING_PROCESSOR_MAX_BATCH", "50", "BOOKING_PROCESSOR_POLL_PAUSE", "0ms"))) {
            Set<Position> sent = send(system);
            for (int stop = 1; stop <= STOPS; stop++) {
                ProcessorApplication processor = system.startProcessor();
                int decided = stop * COMMANDS / (2 * STOPS);
                await().atMost(BookingSystem.PATIENCE)
                        .until(() -> system.count(
                                        "SELECT count(*) FROM bookings WHERE user_id = ?",
                                        system.topics().commands())
                                >= decided);
                system.stop(processor);
            }
            system.startProcessor();
            system.dispositions().requireExactlyOneFor(sent);
        }
    }

    private static Set<Position> send(BookingSystem system) {
        List<Command> commands = new ArrayList<>();
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            events.add(Commands.newEventId());
            commands.add(Commands.event(events.get(i), COMMANDS));
        }
        while (commands.size() < COMMANDS) {
            commands.add(Commands.book(
                    events.get(commands.size() % events.size()), system.topics().commands()));
        }
        return Set.copyOf(system.write(commands));
    }
}
