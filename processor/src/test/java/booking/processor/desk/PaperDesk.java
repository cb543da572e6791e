package booking.processor.desk;

import booking.processor.decision.Asked;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
        Ledger ledger = new Ledger(loaded(batches), Map.copyOf(outcomes), slot -> Optional.empty());
        Clerk clerk = new Clerk(ledger, Map.copyOf(progress), new Concessions());
        Map<Integer, BatchAnswers> answers = new HashMap<>();
        for (CommandBatch batch : batches) {
            List<Answer> batchAnswers = new ArrayList<>();
            batch.records()
                    .forEach(record ->
                            batchAnswers.add(clerk.answer(Incoming.of(record, decoder, encoder), Optional.empty())));
            answers.put(batch.partition(), new BatchAnswers(batchAnswers, List.of()));
        }
        keep(ledger.changes());
        batches.forEach(batch -> progress.merge(batch.partition(), batch.nextOffset(), Math::max));
        return answers;
    }

    private Loaded loaded(List<CommandBatch> batches) {
        Map<Slot, Optional<String>> slots = new HashMap<>();
        events.values().forEach(event -> slots.put(event.slot(), Optional.of(event.id())));
        Set<String> users = new HashSet<>();
        waiting.values().forEach(inLine -> users.add(inLine.userId()));
        Set<String> eventIds = new HashSet<>(events.keySet());
        for (CommandBatch batch : batches) {
            batch.records().forEach(record -> {
                if (Incoming.of(record, decoder, encoder) instanceof Incoming.Valid valid) {
                    eventIds.add(valid.eventId());
                    Asked.by(valid.command()).userId().ifPresent(users::add);
                }
            });
        }
        Map<UserAtEvent, Long> seats = new HashMap<>();
        eventIds.forEach(event -> users.forEach(user -> seats.put(new UserAtEvent(event, user), 0L)));
        bookings.values()
                .forEach(booking -> seats.merge(
                        new UserAtEvent(booking.eventId(), booking.userId()),
                        (long) booking.confirmedSeats() + booking.heldSeats(),
                        Long::sum));
        return new Loaded(Map.copyOf(events), Map.copyOf(bookings), slots, seats, List.copyOf(waiting.values()));
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
