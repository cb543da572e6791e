package booking.processor.desk;

import booking.processor.decision.Booking;
import booking.processor.decision.Books;
import booking.processor.decision.Change;
import booking.processor.decision.Event;
import booking.processor.decision.SalesTerms;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** What was loaded for a batch, moved on by each decision, and what of it has to be saved. */
final class Ledger implements Books {
    private static final Comparator<Booking> BY_END = Comparator.<Booking, Instant>comparing(
                    hold -> hold.holdExpiresAt().orElseThrow())
            .thenComparing(Booking::createdAt)
            .thenComparing(Booking::id);

    private final Loaded loaded;
    private final Map<UUID, StoredOutcome> knownOutcomes;

    private final LookUp lookUp;
    private final Map<Slot, Optional<String>> slots;
    private final Map<String, NavigableSet<Booking>> holds = new HashMap<>();
    private final Map<UserAtEvent, Long> seats;
    private final Map<UserAtEvent, Long> moreSeats = new HashMap<>();
    private final Map<UserAtEvent, Waiting> places;
    private final Map<String, SortedMap<Long, Waiting>> lines = new HashMap<>();
    private final Map<String, KnownTurns> turns = new HashMap<>();

    private final Map<String, Event> changedEvents = new LinkedHashMap<>();
    private final Map<UUID, Booking> changedBookings = new LinkedHashMap<>();
    private final Map<UUID, Waiting> joined = new LinkedHashMap<>();
    private final Map<UUID, Waiting> left = new LinkedHashMap<>();
    private final Map<UUID, StoredOutcome> newOutcomes = new LinkedHashMap<>();

    /** What need not be loaded for every batch, and is looked up when a decision asks for it. */
    interface LookUp {

        /** The event that has this slot. */
        Optional<String> eventAt(Slot slot);

        /** The line of this event, in any order. */
        List<Waiting> line(String eventId);

        /** The seats that each of these users has. */
        Map<UserAtEvent, Long> seats(Collection<UserAtEvent> users);
    }

    /** @param outcomes what was answered to those of the commands that were decided before */
    Ledger(Loaded loaded, Map<UUID, StoredOutcome> outcomes, LookUp lookUp) {
        this.loaded = loaded;
        this.lookUp = lookUp;
        this.knownOutcomes = outcomes;
        this.slots = new HashMap<>(loaded.slots());
        this.seats = new HashMap<>(loaded.seats());
        this.places = new HashMap<>(loaded.places());
        loaded.bookings().values().forEach(this::addIfHold);
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
        return slots.computeIfAbsent(slot, lookUp::eventAt);
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
        UserAtEvent user = new UserAtEvent(eventId, userId);
        if (!seats.containsKey(user)) {
            seats.putAll(lookUp.seats(List.of(user)));
        }
        return seats.getOrDefault(user, 0L) + moreSeats.getOrDefault(user, 0L);
    }

    @Override
    public Collection<Waiting> line(String eventId) {
        return Collections.unmodifiableCollection(
                lines.computeIfAbsent(eventId, this::lineUpToNow).values());
    }

    @Override
    public Optional<Waiting> place(String eventId, String userId) {
        return Optional.ofNullable(places.get(new UserAtEvent(eventId, userId)));
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

    private record KnownTurns(long version, Turns turns) {}

    /** The line as it was found, with what the batch has changed in it so far. */
    private SortedMap<Long, Waiting> lineUpToNow(String eventId) {
        SortedMap<Long, Waiting> line = new TreeMap<>();
        Set<UserAtEvent> users = new HashSet<>();
        for (Waiting waiting : lookUp.line(eventId)) {
            line.put(waiting.place(), waiting);
            users.add(new UserAtEvent(eventId, waiting.userId()));
        }
        joined.values().stream()
                .filter(waiting -> waiting.eventId().equals(eventId))
                .forEach(waiting -> line.put(waiting.place(), waiting));
        left.values().stream()
                .filter(waiting -> waiting.eventId().equals(eventId))
                .forEach(waiting -> line.remove(waiting.place()));
        // All at once, as each of them may be asked for next.
        users.removeAll(seats.keySet());
        if (event(eventId)
                .map(Event::sales)
                .orElse(SalesTerms.NONE)
                .perUserLimit()
                .isPresent()) {
            seats.putAll(lookUp.seats(users));
        }
        return line;
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
        change.joined().ifPresent(this::join);
        change.left().ifPresent(this::leave);
    }

    private void join(Waiting waiting) {
        joined.put(waiting.id(), waiting);
        places.put(new UserAtEvent(waiting.eventId(), waiting.userId()), waiting);
        lines.computeIfPresent(waiting.eventId(), (event, line) -> {
            line.put(waiting.place(), waiting);
            return line;
        });
    }

    private void leave(Waiting waiting) {
        if (joined.remove(waiting.id()) == null) {
            left.put(waiting.id(), waiting);
        }
        places.remove(new UserAtEvent(waiting.eventId(), waiting.userId()));
        lines.computeIfPresent(waiting.eventId(), (event, line) -> {
            line.remove(waiting.place());
            return line;
        });
    }

    private void apply(Booking booking) {
        Optional<Booking> before = booking(booking.id());
        before.filter(hold -> hold.holdExpiresAt().isPresent())
                .ifPresent(hold -> holds.getOrDefault(hold.eventId(), new TreeSet<>(BY_END))
                        .remove(hold));
        addIfHold(booking);
        long more = taken(booking) - before.map(Ledger::taken).orElse(0L);
        moreSeats.merge(new UserAtEvent(booking.eventId(), booking.userId()), more, Long::sum);
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
                createdEvents,
                movedEvents,
                made,
                moved,
                List.copyOf(joined.values()),
                List.copyOf(left.values()),
                newOutcomes);
    }
}
