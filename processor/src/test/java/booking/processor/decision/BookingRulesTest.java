package booking.processor.decision;

import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.availability.EventStatus;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.CreateEvent;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.Reason;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BookingRulesTest {
    private static final Instant THEN = Instant.parse("2026-11-22T09:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-22T10:15:30.123Z");
    private static final Slot MAY = new Slot("main", Instant.parse("2027-05-01T20:00:00Z"));
    private static final Slot JUNE = new Slot("main", Instant.parse("2027-06-01T20:00:00Z"));
    private static final UUID ALICES = UUID.fromString("01990f3c-7a52-7c11-8a5e-000000000001");
    private static final UUID COMMAND = UUID.fromString("01990f3c-7a52-7c11-8a5e-000000000002");

    @Test
    void aNewEventIsOpenAndEmpty() {
        assertThat(decide(create("E1", MAY, 5), shelf()))
                .isEqualTo(accept(
                        new Event("E1", "Concert", MAY, EventStatus.OPEN, 1, 5, 0, 0, SalesTerms.NONE, 0, NOW, NOW)));
    }

    @Test
    void anEventIdIsUsedOnce() {
        assertThat(reason(create("E1", JUNE, 5), shelf(event("E1", MAY, 5, 0)))).isEqualTo(Reason.EVENT_EXISTS);
    }

    @Test
    void aVenueHasOneEventAtADate() {
        assertThat(reason(create("E2", MAY, 5), shelf(event("E1", MAY, 5, 0)))).isEqualTo(Reason.TIME_SLOT_TAKEN);
    }

    @Test
    void anEventThatExistsIsNotToldThatItsOwnSlotIsTaken() {
        assertThat(reason(create("E1", MAY, 5), shelf(event("E1", MAY, 5, 0)))).isEqualTo(Reason.EVENT_EXISTS);
    }

    @Test
    void anotherVenueIsFreeAtTheSameDate() {
        assertThat(decide(create("E2", new Slot("roof", MAY.date()), 5), shelf(event("E1", MAY, 5, 0))))
                .isInstanceOf(Decision.Accept.class);
    }

    @Test
    void aBookingHasTheIdOfItsCommandAndTakesItsSeats() {
        assertThat(decide(book("E1", 3), shelf(event("E1", MAY, 5, 1))))
                .isEqualTo(accept(
                        new Event("E1", "Concert", MAY, EventStatus.OPEN, 8, 5, 4, 0, SalesTerms.NONE, 0, THEN, NOW),
                        new Booking(COMMAND, "E1", "bob", 3, BookingStatus.CONFIRMED, Optional.empty(), NOW, NOW)));
    }

    @Test
    void theLastSeatCanBeBooked() {
        assertThat(decide(book("E1", 1), shelf(event("E1", MAY, 5, 4)))).isInstanceOf(Decision.Accept.class);
    }

    @Test
    void allSeatsCanBeBookedAtOnce() {
        assertThat(decide(book("E1", 5), shelf(event("E1", MAY, 5, 0)))).isInstanceOf(Decision.Accept.class);
    }

    @Test
    void anUnknownEventCannotBeBooked() {
        assertThat(reason(book("E1", 1), shelf())).isEqualTo(Reason.EVENT_NOT_FOUND);
    }

    @Test
    void aFullEventIsSoldOut() {
        assertThat(reason(book("E1", 1), shelf(event("E1", MAY, 5, 5)))).isEqualTo(Reason.SOLD_OUT);
    }

    @Test
    void aFullEventIsSoldOutHoweverManySeatsAreAskedFor() {
        assertThat(reason(book("E1", 6), shelf(event("E1", MAY, 5, 5)))).isEqualTo(Reason.SOLD_OUT);
    }

    @Test
    void heldSeatsAreTaken() {
        Event event = new Event("E1", "Concert", MAY, EventStatus.OPEN, 7, 5, 2, 3, SalesTerms.NONE, 0, THEN, THEN);

        assertThat(reason(book("E1", 1), shelf(event))).isEqualTo(Reason.SOLD_OUT);
    }

    @Test
    void fewerSeatsThanAskedForAreNotEnough() {
        assertThat(reason(book("E1", 2), shelf(event("E1", MAY, 5, 4)))).isEqualTo(Reason.NOT_ENOUGH_SEATS);
    }

    @Test
    void theLargestQuantityIsNotEnoughSeatsRatherThanAnOverflow() {
        assertThat(reason(book("E1", Integer.MAX_VALUE), shelf(event("E1", MAY, 5, 4))))
                .isEqualTo(Reason.NOT_ENOUGH_SEATS);
    }

    @Test
    void theLargestEventCanBeBookedToTheLastSeat() {
        Event event = event("E1", MAY, Integer.MAX_VALUE, Integer.MAX_VALUE - 1);

        assertThat(decide(book("E1", 1), shelf(event))).isInstanceOf(Decision.Accept.class);
        assertThat(reason(book("E1", 2), shelf(event))).isEqualTo(Reason.NOT_ENOUGH_SEATS);
    }

    @Test
    void anEventOfOnePlaceIsBookedRatherThanSoldOut() {
        assertThat(reason(book("E1", 1), shelf(event("E1", MAY, 1, 1)))).isEqualTo(Reason.ALREADY_BOOKED);
        assertThat(reason(book("E1", 2), shelf(event("E1", MAY, 1, 1)))).isEqualTo(Reason.ALREADY_BOOKED);
    }

    @Test
    void anEventOfOnePlaceHasNotEnoughSeatsForTwo() {
        assertThat(reason(book("E1", 2), shelf(event("E1", MAY, 1, 0)))).isEqualTo(Reason.NOT_ENOUGH_SEATS);
    }

    @Test
    void anExpectedVersionMustBeTheEvents() {
        assertThat(decide(book("E1", 1, 7), shelf(event("E1", MAY, 5, 0)))).isInstanceOf(Decision.Accept.class);
        assertThat(reason(book("E1", 1, 6), shelf(event("E1", MAY, 5, 0)))).isEqualTo(Reason.VERSION_CONFLICT);
        assertThat(reason(book("E1", 1, 8), shelf(event("E1", MAY, 5, 0)))).isEqualTo(Reason.VERSION_CONFLICT);
        assertThat(reason(cancel("E1", ALICES, "alice", 6), shelfWithAlices(BookingStatus.CONFIRMED)))
                .isEqualTo(Reason.VERSION_CONFLICT);
    }

    @Test
    void anUnknownEventIsNotFoundWhateverVersionIsExpected() {
        assertThat(reason(book("E1", 1, 6), shelf())).isEqualTo(Reason.EVENT_NOT_FOUND);
    }

    @Test
    void anOutdatedVersionIsToldBeforeTheSeatsAre() {
        assertThat(reason(book("E1", 1, 6), shelf(event("E1", MAY, 5, 5)))).isEqualTo(Reason.VERSION_CONFLICT);
        assertThat(reason(cancel("E1", COMMAND, "bob", 6), shelf(event("E1", MAY, 5, 5))))
                .isEqualTo(Reason.VERSION_CONFLICT);
    }

    @Test
    void aCommandIdThatHasMadeABookingMakesNoOther() {
        Booking made = new Booking(COMMAND, "E9", "bob", 1, BookingStatus.CANCELLED, Optional.empty(), THEN, THEN);

        assertThat(reason(book("E1", 1), shelf(event("E1", MAY, 5, 0)).with(made)))
                .isEqualTo(Reason.COMMAND_ID_REUSED);
    }

    @Test
    void aCancelledBookingGivesItsSeatsBack() {
        assertThat(decide(cancel("E1", ALICES), shelfWithAlices(BookingStatus.CONFIRMED)))
                .isEqualTo(accept(
                        new Event("E1", "Concert", MAY, EventStatus.OPEN, 8, 5, 1, 0, SalesTerms.NONE, 0, THEN, NOW),
                        new Booking(ALICES, "E1", "alice", 2, BookingStatus.CANCELLED, Optional.empty(), THEN, NOW)));
    }

    @Test
    void theOwnerMayCancel() {
        assertThat(decide(cancel("E1", ALICES, "alice"), shelfWithAlices(BookingStatus.CONFIRMED)))
                .isInstanceOf(Decision.Accept.class);
    }

    @Test
    void nobodyElseMayCancel() {
        assertThat(reason(cancel("E1", ALICES, "bob"), shelfWithAlices(BookingStatus.CONFIRMED)))
                .isEqualTo(Reason.NOT_THE_OWNER);
    }

    @Test
    void somebodyElseIsNotToldWhetherTheBookingWasCancelled() {
        assertThat(reason(cancel("E1", ALICES, "bob"), shelfWithAlices(BookingStatus.CANCELLED)))
                .isEqualTo(Reason.NOT_THE_OWNER);
    }

    @Test
    void aBookingIsCancelledOnce() {
        assertThat(reason(cancel("E1", ALICES), shelfWithAlices(BookingStatus.CANCELLED)))
                .isEqualTo(Reason.BOOKING_CANCELLED);
    }

    @Test
    void anUnknownBookingCannotBeCancelled() {
        assertThat(reason(cancel("E1", COMMAND), shelfWithAlices(BookingStatus.CONFIRMED)))
                .isEqualTo(Reason.BOOKING_NOT_FOUND);
    }

    @Test
    void theBookingOfAnotherEventCannotBeCancelled() {
        Shelf shelf = shelfWithAlices(BookingStatus.CONFIRMED).with(event("E2", JUNE, 5, 5));

        assertThat(reason(cancel("E2", ALICES), shelf)).isEqualTo(Reason.BOOKING_NOT_FOUND);
    }

    @Test
    void aBookingOfAnUnknownEventCannotBeCancelled() {
        assertThat(reason(cancel("E2", ALICES), shelfWithAlices(BookingStatus.CONFIRMED)))
                .isEqualTo(Reason.EVENT_NOT_FOUND);
    }

    @Test
    void aBookingThatAnotherWriterMadeWithoutCountingItsSeatsGivesNoneBack() {
        Booking uncounted =
                new Booking(ALICES, "E1", "alice", 2, BookingStatus.CONFIRMED, Optional.empty(), THEN, THEN);

        assertThat(reason(cancel("E1", ALICES), shelf(event("E1", MAY, 5, 1)).with(uncounted)))
                .isEqualTo(Reason.VERSION_CONFLICT);
    }

    @Test
    void theChecksStandInTheOrderOfTheContract() {
        assertThat(BookingRules.CHECKS)
                .extracting(BookingRules.Check::reason)
                .isSorted()
                .contains(Reason.values());
    }

    @Test
    void theSameInputAlwaysGivesTheSameAnswer() {
        Shelf shelf = shelfWithAlices(BookingStatus.CONFIRMED);

        assertThat(decide(book("E1", 1), shelf)).isEqualTo(decide(book("E1", 1), shelf));
        assertThat(decide(cancel("E1", ALICES), shelf)).isEqualTo(decide(cancel("E1", ALICES), shelf));
        assertThat(decide(create("E2", JUNE, 1), shelf)).isEqualTo(decide(create("E2", JUNE, 1), shelf));
    }

    private static Decision accept(Event event) {
        return new Decision.Accept(Change.of(event));
    }

    private static Decision accept(Event event, Booking booking) {
        return new Decision.Accept(Change.of(event, booking));
    }

    private static Decision decide(Command command, Books books) {
        return BookingRules.decide(command, books, NOW);
    }

    private static Reason reason(Command command, Books books) {
        Decision decision = decide(command, books);
        assertThat(decision).isInstanceOf(Decision.Reject.class);
        assertThat(((Decision.Reject) decision).detail()).isNotBlank();
        return ((Decision.Reject) decision).reason();
    }

    private static CreateEvent create(String eventId, Slot slot, int capacity) {
        return new CreateEvent(
                COMMAND,
                eventId,
                "Concert",
                slot.date(),
                slot.venue(),
                capacity,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Book book(String eventId, int quantity) {
        return new Book(COMMAND, eventId, "bob", quantity, OptionalLong.empty());
    }

    private static Book book(String eventId, int quantity, long expectedVersion) {
        return new Book(COMMAND, eventId, "bob", quantity, OptionalLong.of(expectedVersion));
    }

    private static Cancel cancel(String eventId, UUID bookingId) {
        return new Cancel(COMMAND, eventId, bookingId, Optional.empty(), OptionalLong.empty());
    }

    private static Cancel cancel(String eventId, UUID bookingId, String userId) {
        return new Cancel(COMMAND, eventId, bookingId, Optional.of(userId), OptionalLong.empty());
    }

    private static Cancel cancel(String eventId, UUID bookingId, String userId, long expectedVersion) {
        return new Cancel(COMMAND, eventId, bookingId, Optional.of(userId), OptionalLong.of(expectedVersion));
    }

    /** An event at its version 7. */
    private static Event event(String id, Slot slot, int capacity, int confirmed) {
        return new Event(
                id, "Concert", slot, EventStatus.OPEN, 7, capacity, confirmed, 0, SalesTerms.NONE, 0, THEN, THEN);
    }

    private static Shelf shelf(Event... events) {
        Shelf shelf = new Shelf(Map.of(), Map.of());
        for (Event event : events) {
            shelf = shelf.with(event);
        }
        return shelf;
    }

    /** Three of the five seats of E1 are taken, two of them by alice unless she gave them back. */
    private static Shelf shelfWithAlices(BookingStatus status) {
        return shelf(event("E1", MAY, 5, 3))
                .with(new Booking(ALICES, "E1", "alice", 2, status, Optional.empty(), THEN, THEN));
    }

    /** Books that nobody can change. */
    private record Shelf(Map<String, Event> events, Map<UUID, Booking> bookings) implements Books {

        Shelf with(Event event) {
            Map<String, Event> more = new HashMap<>(events);
            more.put(event.id(), event);
            return new Shelf(Map.copyOf(more), bookings);
        }

        Shelf with(Booking booking) {
            Map<UUID, Booking> more = new HashMap<>(bookings);
            more.put(booking.id(), booking);
            return new Shelf(events, Map.copyOf(more));
        }

        @Override
        public Optional<Event> event(String eventId) {
            return Optional.ofNullable(events.get(eventId));
        }

        @Override
        public Optional<Booking> booking(UUID bookingId) {
            return Optional.ofNullable(bookings.get(bookingId));
        }

        @Override
        public Optional<String> eventAt(Slot slot) {
            return events.values().stream()
                    .filter(event -> event.slot().equals(slot))
                    .map(Event::id)
                    .findFirst();
        }

        @Override
        public Optional<Booking> expiredHold(String eventId, Instant now) {
            return Optional.empty();
        }

        @Override
        public long seatsOf(String eventId, String userId) {
            return bookings.values().stream()
                    .filter(booking -> booking.eventId().equals(eventId)
                            && booking.userId().equals(userId))
                    .mapToLong(booking -> booking.confirmedSeats() + booking.heldSeats())
                    .sum();
        }

        @Override
        public List<Waiting> line(String eventId) {
            return List.of();
        }

        @Override
        public Optional<Waiting> place(String eventId, String userId) {
            return Optional.empty();
        }
    }
}
