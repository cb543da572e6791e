package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.Commands;
import booking.processor.decision.Booking;
import booking.processor.decision.Slot;
import booking.processor.decision.Waiting;
import booking.processor.store.Loaded;
import booking.processor.store.UserAtEvent;
import booking.schemas.command.Command;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandEncoder;
import booking.schemas.result.BookingStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Without locks the tables are read one after the other, and somebody may write in between. */
class TornReadTest {

    @Test
    void anEventThatWasMadeBetweenTwoLooksIsNotThereThoughAHoldOfItIs() {
        String event = Commands.newEventId();
        UUID hold = UUID.randomUUID();
        Command confirm = Commands.confirm(event, hold);
        Loaded loaded = new Loaded(
                Map.of(),
                Map.of(
                        hold,
                        new Booking(
                                hold,
                                event,
                                "alice",
                                1,
                                BookingStatus.HELD,
                                Optional.of(CommandLog.FIRST.minusSeconds(1)),
                                CommandLog.FIRST.minusSeconds(2),
                                CommandLog.FIRST.minusSeconds(2))),
                Map.of(),
                Map.of(),
                Map.of());
        Clerk clerk = new Clerk(new Ledger(loaded, Map.of(), new NothingToLookUp()), Map.of(), new Concessions());

        Answered answered = clerk.answer(
                Incoming.of(
                        new CommandLog()
                                .write(0, confirm)
                                .batch(0, 0, 1)
                                .records()
                                .get(0),
                        new CommandDecoder(),
                        new CommandEncoder()),
                Optional.empty());

        assertThat(((Answer.Result) answered.answer()).json()).contains("EVENT_NOT_FOUND");
    }

    private static final class NothingToLookUp implements Ledger.LookUp {
        @Override
        public Optional<String> eventAt(Slot slot) {
            return Optional.empty();
        }

        @Override
        public List<Waiting> line(String eventId) {
            return List.of();
        }

        @Override
        public Map<UserAtEvent, Long> seats(Collection<UserAtEvent> users) {
            return Map.of();
        }
    }
}
