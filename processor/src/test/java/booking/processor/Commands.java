package booking.processor;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Confirm;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/** Commands for tests, each with an id of its own. */
public final class Commands {
    /** When all events of tests are; each has a venue of its own. */
    public static final Instant DATE = Instant.parse("2027-05-01T20:00:00Z");

    private Commands() {}

    /** An event id that no other test uses. */
    public static String newEventId() {
        return "event-" + UUID.randomUUID();
    }

    public static CreateEvent event(String eventId, int capacity) {
        return eventAt(eventId, eventId, capacity);
    }

    public static CreateEvent eventAt(String venue, String eventId, int capacity) {
        return new CreateEvent(
                UUID.randomUUID(),
                eventId,
                "Concert",
                DATE,
                venue,
                capacity,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public static Book book(String eventId, String userId) {
        return book(eventId, userId, 1);
    }

    public static Book book(String eventId, String userId, int quantity) {
        return new Book(UUID.randomUUID(), eventId, userId, quantity, OptionalLong.empty());
    }

    public static Hold hold(String eventId, String userId, int quantity, int holdSeconds) {
        return new Hold(
                UUID.randomUUID(), eventId, userId, quantity, holdSeconds, Optional.empty(), OptionalLong.empty());
    }

    public static Confirm confirm(String eventId, UUID bookingId) {
        return new Confirm(UUID.randomUUID(), eventId, bookingId, OptionalLong.empty());
    }

    public static JoinWaitlist join(String eventId, String userId, int quantity) {
        return new JoinWaitlist(UUID.randomUUID(), eventId, userId, quantity, OptionalLong.empty());
    }

    public static Cancel cancel(String eventId, UUID bookingId) {
        return new Cancel(UUID.randomUUID(), eventId, bookingId, Optional.empty(), OptionalLong.empty());
    }
}
