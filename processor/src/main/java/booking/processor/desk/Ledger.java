package booking.processor.desk;

import booking.processor.decision.Booking;
import booking.processor.decision.Books;
import booking.processor.decision.Decision;
import booking.processor.decision.Event;
import booking.processor.decision.Slot;
import booking.processor.store.Changes;
import booking.processor.store.StoredOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What was loaded for a batch, moved on by each decision, and what of it has to be saved. */
final class Ledger implements Books {
    private final Map<String, Event> readEvents;
    private final Map<UUID, Booking> readBookings;
    private final Map<Slot, String> slots;
    private final Map<UUID, StoredOutcome> knownOutcomes;

    private final Map<String, Event> changedEvents = new LinkedHashMap<>();
    private final Map<UUID, Booking> changedBookings = new LinkedHashMap<>();
    private final Map<UUID, StoredOutcome> newOutcomes = new LinkedHashMap<>();

    Ledger(
            Map<String, Event> events,
            Map<UUID, Booking> bookings,
            Map<Slot, String> slots,
            Map<UUID, StoredOutcome> outcomes) {
        this.readEvents = events;
        this.readBookings = bookings;
        this.slots = new HashMap<>(slots);
        this.knownOutcomes = outcomes;
    }

    @Override
    public Optional<Event> event(String eventId) {
        Event changed = changedEvents.get(eventId);
        return Optional.ofNullable(changed != null ? changed : readEvents.get(eventId));
    }

    @Override
    public Optional<Booking> booking(UUID bookingId) {
        Booking changed = changedBookings.get(bookingId);
        return Optional.ofNullable(changed != null ? changed : readBookings.get(bookingId));
    }

    @Override
    public Optional<String> eventAt(Slot slot) {
        return Optional.ofNullable(slots.get(slot));
    }

    /** What was answered to this command, in an earlier batch or in this one. */
    Optional<StoredOutcome> outcome(UUID commandId) {
        StoredOutcome known = newOutcomes.get(commandId);
        return Optional.ofNullable(known != null ? known : knownOutcomes.get(commandId));
    }

    void apply(Decision.Accept decision) {
        Event event = decision.event();
        changedEvents.put(event.id(), event);
        slots.put(event.slot(), event.id());
        decision.booking().ifPresent(booking -> changedBookings.put(booking.id(), booking));
    }

    void add(UUID commandId, StoredOutcome outcome) {
        newOutcomes.put(commandId, outcome);
    }

    Changes changes() {
        List<Event> createdEvents = new ArrayList<>();
        List<Changes.ChangedEvent> movedEvents = new ArrayList<>();
        for (Event event : changedEvents.values()) {
            Event read = readEvents.get(event.id());
            if (read == null) {
                createdEvents.add(event);
            } else {
                movedEvents.add(new Changes.ChangedEvent(event, read));
            }
        }
        List<Booking> made = new ArrayList<>();
        List<Booking> cancelled = new ArrayList<>();
        for (Booking booking : changedBookings.values()) {
            (readBookings.containsKey(booking.id()) ? cancelled : made).add(booking);
        }
        return new Changes(createdEvents, movedEvents, made, cancelled, newOutcomes);
    }
}
