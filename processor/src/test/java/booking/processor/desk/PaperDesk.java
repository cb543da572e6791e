package booking.processor.desk;

import booking.processor.decision.Booking;
import booking.processor.decision.Event;
import booking.processor.decision.Slot;
import booking.processor.decision.Waiting;
import booking.processor.store.Changes;
import booking.processor.store.Loaded;
import booking.processor.store.StoredOutcome;
import booking.processor.store.UserAtEvent;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandEncoder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A desk that keeps its books on paper: clerk, ledger and rules as they are, but no database. */
final class PaperDesk {
    private final CommandDecoder decoder = new CommandDecoder();
    private final CommandEncoder encoder = new CommandEncoder();
    private final Map<String, Event> events = new HashMap<>();
    private final Map<UUID, Booking> bookings = new HashMap<>();
    private final Map<UUID, Waiting> waiting = new HashMap<>();
    private final Map<UUID, StoredOutcome> outcomes = new HashMap<>();
    private final Map<Integer, Long> progress = new HashMap<>();

    Map<Integer, BatchAnswers> decide(List<CommandBatch> batches) {
        Ledger ledger = new Ledger(loaded(), Map.copyOf(outcomes), new Shelf());
        Clerk clerk = new Clerk(ledger, Map.copyOf(progress), new Concessions());
        Map<Integer, BatchAnswers> answers = new HashMap<>();
        for (CommandBatch batch : batches) {
            List<Answered> batchAnswers = new ArrayList<>();
            batch.records()
                    .forEach(record ->
                            batchAnswers.add(clerk.answer(Incoming.of(record, decoder, encoder), Optional.empty())));
            answers.put(batch.partition(), BatchAnswers.of(batchAnswers, List.of()));
        }
        keep(ledger.changes());
        batches.forEach(batch -> progress.merge(batch.partition(), batch.nextOffset(), Math::max));
        return answers;
    }

    private Loaded loaded() {
        Map<UserAtEvent, Waiting> places = new HashMap<>();
        waiting.values().forEach(inLine -> places.put(new UserAtEvent(inLine.eventId(), inLine.userId()), inLine));
        return new Loaded(Map.copyOf(events), Map.copyOf(bookings), Map.of(), Map.of(), places);
    }

    /** Where it looks up what is asked for. */
    private final class Shelf implements Ledger.LookUp {
        @Override
        public Optional<String> eventAt(Slot slot) {
            return events.values().stream()
                    .filter(event -> event.slot().equals(slot))
                    .map(Event::id)
                    .findFirst();
        }

        @Override
        public List<Waiting> line(String eventId) {
            return waiting.values().stream()
                    .filter(inLine -> inLine.eventId().equals(eventId))
                    .toList();
        }

        @Override
        public Map<UserAtEvent, Long> seats(Collection<UserAtEvent> users) {
            Map<UserAtEvent, Long> seats = new HashMap<>();
            users.forEach(user -> seats.put(user, 0L));
            bookings.values()
                    .forEach(booking -> seats.computeIfPresent(
                            new UserAtEvent(booking.eventId(), booking.userId()),
                            (user, had) -> had + booking.confirmedSeats() + booking.heldSeats()));
            return seats;
        }
    }

    private void keep(Changes changes) {
        changes.createdEvents().forEach(event -> events.put(event.id(), event));
        changes.changedEvents().forEach(change -> events.put(change.event().id(), change.event()));
        changes.madeBookings().forEach(booking -> bookings.put(booking.id(), booking));
        changes.changedBookings()
                .forEach(change -> bookings.put(change.booking().id(), change.booking()));
        changes.left().forEach(left -> waiting.remove(left.id()));
        changes.joined().forEach(joined -> waiting.put(joined.id(), joined));
        outcomes.putAll(changes.outcomes());
    }
}
