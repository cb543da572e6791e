package booking.processor.desk;

import booking.processor.decision.Booking;
import booking.processor.decision.Event;
import booking.processor.decision.Slot;
import booking.processor.store.Changes;
import booking.processor.store.StoredOutcome;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandEncoder;
import java.util.ArrayList;
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
    private final Map<UUID, StoredOutcome> outcomes = new HashMap<>();
    private final Map<Integer, Long> progress = new HashMap<>();

    Map<Integer, BatchAnswers> decide(List<CommandBatch> batches) {
        Ledger ledger = new Ledger(Map.copyOf(events), Map.copyOf(bookings), slots(), Map.copyOf(outcomes));
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

    private Map<Slot, String> slots() {
        Map<Slot, String> slots = new HashMap<>();
        events.values().forEach(event -> slots.put(event.slot(), event.id()));
        return slots;
    }

    private void keep(Changes changes) {
        changes.createdEvents().forEach(event -> events.put(event.id(), event));
        changes.changedEvents().forEach(change -> events.put(change.event().id(), change.event()));
        changes.madeBookings().forEach(booking -> bookings.put(booking.id(), booking));
        changes.cancelledBookings().forEach(booking -> bookings.put(booking.id(), booking));
        outcomes.putAll(changes.outcomes());
    }
}
