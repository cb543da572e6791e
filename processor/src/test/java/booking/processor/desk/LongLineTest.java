package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.Commands;
import booking.schemas.command.Command;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A database transaction in which too long nothing is said is ended, and its poll would come again for ever. */
class LongLineTest {
    private static final int POLL = 4_000;
    private static final int WAITING = 5 * POLL;
    /** Less than a third of what is allowed; it takes a tenth of this. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private final String event = Commands.newEventId();
    private final PaperDesk desk = new PaperDesk();
    private final CommandLog log = new CommandLog();
    private int decided;

    @Test
    void freeSeatsThatNobodyInALongLineCanUseDoNotHoldUpWhoComesNext() {
        decide(log.write(0, Commands.event(event, 1_000), Commands.book(event, "first", 500)));
        for (int joined = 0; joined < WAITING; joined += POLL) {
            int from = joined;
            poll(i -> Commands.join(event, "waiting-" + (from + i), 1_000));
        }
        assertThat(poll(i -> Commands.book(event, "late-" + i, 600))).isLessThan(AT_ONCE);
        assertThat(poll(i -> Commands.book(event, "waiting-" + i, 600))).isLessThan(AT_ONCE);
        assertThat(poll(i -> Commands.book(event, "late-" + i, 1))).isLessThan(AT_ONCE);
    }

    private Duration poll(IntFunction<Command> command) {
        return decide(log.write(0, IntStream.range(0, POLL).mapToObj(command).toArray(Command[]::new)));
    }

    /** Decides what has been written since the last time, and says how long it took. */
    private Duration decide(CommandLog log) {
        CommandBatch batch = log.batch(0, decided, log.size(0));
        decided = log.size(0);
        long start = System.nanoTime();
        desk.decide(List.of(batch));
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
