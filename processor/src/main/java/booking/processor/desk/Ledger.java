package booking.processor.desk;

import booking.processor.decision.Booking;
import booking.processor.decision.Books;
import booking.processor.decision.Change;
import booking.processor.decision.Event;
import booking.processor.decision.Slot;
import booking.processor.decision.Turns;
import booking.processor.decision.Waiting;
import booking.processor.store.Changes;
import booking.processor.store.Loaded;
import booking.processor.store.StoredOutcome;
import booking.processor.store.UserAtEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/** What was loaded for a batch, moved on by each decision, and what of it has to be saved. */
final class Ledger implements Books {
    private static final Comparator<Booking> BY_END = Comparator.<Booking, Instant>comparing(
                    hold -> hold.holdExpiresAt().orElseThrow())
            .thenComparing(Booking::createdAt)
            .thenComparing(Booking::id);

    private final Loaded loaded;
    private final Map<UUID, StoredOutcome> knownOutcomes;

    private final Function<Slot, Optional<String>> lookUpSlot;
    private final Map<Slot, Optional<String>> slots;
    private final Map<String, NavigableSet<Booking>> holds = new HashMap<>();
    private final Map<UserAtEvent, Long> seats;
    private final Map<String, WaitingLine> lines = new HashMap<>();
    private final Map<String, KnownTurns> turns = new HashMap<>();

    private final Map<String, Event> changedEvents = new LinkedHashMap<>();
    private final Map<UUID, Booking> changedBookings = new LinkedHashMap<>();
    private final Map<UUID, Waiting> joined = new LinkedHashMap<>();
    private final Map<UUID, Waiting> left = new LinkedHashMap<>();
    private final Map<UUID, StoredOutcome> newOutcomes = new LinkedHashMap<>();

    /**
     * @param outcomes what was answered to those of the commands that were decided before
     * @param lookUpSlot gives the event that has a slot which was not loaded: the slot that an event gets when only its
     *     venue or its date is changed shows late
     */
    Ledger(Loaded loaded, Map<UUID, StoredOutcome> outcomes, Function<Slot, Optional<String>> lookUpSlot) {
        this.loaded = loaded;
        this.lookUpSlot = lookUpSlot;
        this.knownOutcomes = outcomes;
        this.slots = new HashMap<>(loaded.slots());
        this.seats = new HashMap<>(loaded.seats());
        loaded.bookings().values().forEach(this::addIfHold);
        loaded.waiting().forEach(waiting -> line(waiting).join(waiting));
    }

    @Override
    public Optional<Event> event(String eventId) {
        Event changed = changedEvents.get(eventId);
        return Optional.ofNullable(changed != null ? changed : loaded.events().get(eventId));
    }

    @Override
    public Optional<Booking> booking(UUID bookingId) {
        Booking changed = changedBookings.get(bookingId);
        return Optional.ofNullable(changed != null ? changed : loaded.bookings().get(bookingId));
    }

    @Override
    public Optional<String> eventAt(Slot slot) {
        return slots.computeIfAbsent(slot, lookUpSlot);
    }

    @Override
    public Optional<Booking> expiredHold(String eventId, Instant now) {
        NavigableSet<Booking> ofEvent = holds.get(eventId);
        return ofEvent == null || ofEvent.isEmpty()
                ? Optional.empty()
                : Optional.of(ofEvent.first()).filter(hold -> hold.hasRunOutBy(now));
    }

    @Override
    public long seatsOf(String eventId, String userId) {
        Long known = seats.get(new UserAtEvent(eventId, userId));
        if (known == null) {
            throw new IllegalStateException("the seats of a user at event " + eventId + " were not loaded");
        }
        return known;
    }

    @Override
    public Collection<Waiting> line(String eventId) {
        WaitingLine line = lines.get(eventId);
        return line == null
                ? List.of()
                : Collections.unmodifiableCollection(line.byPlace().values());
    }

    @Override
    public Optional<Waiting> place(String eventId, String userId) {
        return Optional.ofNullable(lines.get(eventId)).map(line -> line.byUser().get(userId));
    }

    @Override
    public Turns turns(Event event) {
        KnownTurns known = turns.get(event.id());
        if (known == null || known.version() != event.version()) {
            // A line can be long, and most commands are refused, so that the next one finds the event as it was.
            known = new KnownTurns(event.version(), Books.super.turns(event));
            turns.put(event.id(), known);
        }
        return known.turns();
    }

    private WaitingLine line(Waiting waiting) {
        return lines.computeIfAbsent(waiting.eventId(), none -> new WaitingLine(new TreeMap<>(), new HashMap<>()));
    }

    /** What was answered to this command, in an earlier batch or in this one. */
    Optional<StoredOutcome> outcome(UUID commandId) {
        StoredOutcome known = newOutcomes.get(commandId);
        return Optional.ofNullable(known != null ? known : knownOutcomes.get(commandId));
    }

    void apply(Change change) {
        Event event = change.event();
        Optional<Slot> before = event(event.id()).map(Event::slot);
        if (!before.equals(Optional.of(event.slot()))) {
            before.ifPresent(slot -> slots.put(slot, Optional.empty()));
            slots.put(event.slot(), Optional.of(event.id()));
        }
        changedEvents.put(event.id(), event);
        change.booking().ifPresent(this::apply);
        change.joined().ifPresent(waiting -> {
            line(waiting).join(waiting);
            joined.put(waiting.id(), waiting);
        });
        change.left().ifPresent(waiting -> {
            line(waiting).leave(waiting);
            if (joined.remove(waiting.id()) == null) {
                left.put(waiting.id(), waiting);
            }
        });
    }

    private void apply(Booking booking) {
        Optional<Booking> before = booking(booking.id());
        before.filter(hold -> hold.holdExpiresAt().isPresent())
                .ifPresent(hold -> holds.getOrDefault(hold.eventId(), new TreeSet<>(BY_END))
                        .remove(hold));
        addIfHold(booking);
        long more = taken(booking) - before.map(Ledger::taken).orElse(0L);
        seats.computeIfPresent(new UserAtEvent(booking.eventId(), booking.userId()), (user, had) -> had + more);
        changedBookings.put(booking.id(), booking);
    }

    private void addIfHold(Booking booking) {
        if (booking.holdExpiresAt().isPresent()) {
            holds.computeIfAbsent(booking.eventId(), none -> new TreeSet<>(BY_END))
                    .add(booking);
        }
    }

    private static long taken(Booking booking) {
        return (long) booking.confirmedSeats() + booking.heldSeats();
    }

    void add(UUID commandId, StoredOutcome outcome) {
        newOutcomes.put(commandId, outcome);
    }

    Changes changes() {
        List<Event> createdEvents = new ArrayList<>();
        List<Changes.ChangedEvent> movedEvents = new ArrayList<>();
        for (Event event : changedEvents.values()) {
            Event read = loaded.events().get(event.id());
            if (read == null) {
                createdEvents.add(event);
            } else {
                movedEvents.add(new Changes.ChangedEvent(event, read));
            }
        }
        List<Booking> made = new ArrayList<>();
        List<Changes.ChangedBooking> moved = new ArrayList<>();
        for (Booking booking : changedBookings.values()) {
            Booking read = loaded.bookings().get(booking.id());
            if (read == null) {
                made.add(booking);
            } else {
                moved.add(new Changes.ChangedBooking(booking, read));
            }
        }
        return new Changes(
                createdEvents, movedEvents, made, moved, copy(joined.values()), copy(left.values()), newOutcomes);
    }

    private static List<Waiting> copy(Collection<Waiting> waiting) {
        return List.copyOf(waiting);
    }

    /** Who waits for seats in one event. A line can be long, so that nobody is looked for from its head. */
    private record WaitingLine(SortedMap<Long, Waiting> byPlace, Map<String, Waiting> byUser) {
        void join(Waiting waiting) {
            byPlace.put(waiting.place(), waiting);
            byUser.put(waiting.userId(), waiting);
        }

        void leave(Waiting waiting) {
            byPlace.remove(waiting.place());
            byUser.remove(waiting.userId());
        }
    }

    /** Whose turn it is at a version of an event. */
    private record KnownTurns(long version, Turns turns) {}
}
