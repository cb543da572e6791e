package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.Commands;
import booking.processor.decision.Event;
import booking.processor.decision.SalesTerms;
import booking.processor.decision.Slot;
import booking.processor.decision.Turns;
import booking.processor.decision.Waiting;
import booking.processor.store.Loaded;
import booking.processor.store.UserAtEvent;
import booking.schemas.availability.EventStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Lines can be long, and a poll that took too long would come again for ever. */
class LedgerTest {
    private final List<String> lookedUp = new ArrayList<>();

    @Test
    void whoseTurnItIsIsWorkedOutOnceForEachVersionOfAnEvent() {
        Event event = event(3);
        Ledger ledger = ledger(event);

        Turns turns = ledger.turns(event);

        assertThat(ledger.turns(event)).isSameAs(turns);
        assertThat(ledger.turns(event(4))).isNotSameAs(turns);
    }

    @Test
    void aLineIsLookedUpOnceAndOnlyWhenItIsAskedFor() {
        Event event = event(3);
        Ledger ledger = ledger(event);
        assertThat(ledger.place("E1", "alice")).isEmpty();
        assertThat(lookedUp).isEmpty();

        assertThat(ledger.line("E1")).extracting(Waiting::userId).containsExactly("bob", "carol");
        assertThat(ledger.line("E1")).hasSize(2);

        assertThat(lookedUp).containsExactly("E1");
    }

    private Ledger ledger(Event event) {
        return new Ledger(
                new Loaded(Map.of(event.id(), event), Map.of(), Map.of(), Map.of(), Map.of()), Map.of(), new Shelf());
    }

    private static Event event(long version) {
        return new Event(
                "E1",
                "Concert",
                new Slot("main", Commands.DATE),
                EventStatus.OPEN,
                version,
                9,
                3,
                0,
                SalesTerms.NONE,
                2,
                Commands.DATE,
                Commands.DATE);
    }

    private final class Shelf implements Ledger.LookUp {
        @Override
        public Optional<String> eventAt(Slot slot) {
            return Optional.empty();
        }

        @Override
        public List<Waiting> line(String eventId) {
            lookedUp.add(eventId);
            return List.of(waiting("carol", 2), waiting("bob", 1));
        }

        @Override
        public Map<UserAtEvent, Long> seats(Collection<UserAtEvent> users) {
            return new HashMap<>();
        }

        private static Waiting waiting(String user, long place) {
            return new Waiting(UUID.randomUUID(), "E1", user, 1, place, Commands.DATE);
        }
    }
}
