package booking.processor.decision;

import booking.schemas.availability.EventStatus;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.CreateEvent;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides commands. The checks of each kind of command stand in the order of {@link Reason}, so a command with two
 * faults is always told the same one.
 */
public final class BookingRules {
    private BookingRules() {}

    /**
     * Decides one command. The same input always gives the same answer.
     *
     * @param books the event asked about and the bookings named, as the command before left them
     * @param at the time that the log gave the command
     */
    public static Decision decide(Command command, Books books, Instant at) {
        return command.match(new Checks(books, at));
    }

    private record Checks(Books books, Instant at) implements Command.Cases<Decision> {

        @Override
        public Decision createEvent(CreateEvent command) {
            if (books.event(command.eventId()).isPresent()) {
                return reject(Reason.EVENT_EXISTS, "there is an event with this id already");
            }
            Slot slot = new Slot(command.venue(), command.date());
            Optional<String> other = books.eventAt(slot);
            if (other.isPresent()) {
                return reject(Reason.TIME_SLOT_TAKEN, "event " + other.get() + " has this venue at this date already");
            }
            Event event = new Event(
                    command.eventId(), command.name(), slot, EventStatus.OPEN, 1, command.capacity(), 0, 0, at);
            return new Decision.Accept(event, Optional.empty());
        }

        @Override
        public Decision book(Book command) {
            if (books.booking(command.commandId()).isPresent()) {
                // Its outcome is older than outcomes are kept, or it would have been given again.
                return reject(Reason.COMMAND_ID_REUSED, "a command with this id has made a booking long ago");
            }
            Optional<Event> found = books.event(command.eventId());
            if (found.isEmpty()) {
                return eventNotFound();
            }
            Event event = found.get();
            if (isOutdated(command, event)) {
                return versionConflict(command, event);
            }
            int available = event.available();
            if (available == 0 && event.hasOnePlace()) {
                return reject(Reason.ALREADY_BOOKED, "the event's one place is taken");
            }
            if (available == 0) {
                return reject(Reason.SOLD_OUT, "all " + event.capacity() + " seats are taken");
            }
            if (command.quantity() > available) {
                return reject(
                        Reason.NOT_ENOUGH_SEATS,
                        "asked for " + command.quantity() + " seats, " + available + " of " + event.capacity()
                                + " are left");
            }
            Booking booking = new Booking(
                    command.commandId(),
                    event.id(),
                    command.userId(),
                    command.quantity(),
                    BookingStatus.CONFIRMED,
                    at,
                    at);
            return new Decision.Accept(event.withConfirmed(command.quantity(), at), Optional.of(booking));
        }

        @Override
        public Decision cancel(Cancel command) {
            Optional<Event> found = books.event(command.eventId());
            if (found.isEmpty()) {
                return eventNotFound();
            }
            Event event = found.get();
            if (isOutdated(command, event)) {
                return versionConflict(command, event);
            }
            Optional<Booking> named = books.booking(command.bookingId())
                    .filter(booking -> booking.eventId().equals(event.id()));
            if (named.isEmpty()) {
                return reject(Reason.BOOKING_NOT_FOUND, "the event has no booking with this id");
            }
            Booking booking = named.get();
            if (command.userId().isPresent() && !command.userId().get().equals(booking.userId())) {
                return reject(Reason.NOT_THE_OWNER, "the booking belongs to another user");
            }
            if (booking.status() == BookingStatus.CANCELLED) {
                return reject(Reason.BOOKING_CANCELLED, "the booking was cancelled at " + booking.updatedAt());
            }
            if (booking.quantity() > event.confirmed()) {
                return reject(
                        Reason.VERSION_CONFLICT,
                        "another writer made the booking without counting its seats; there are none to give back");
            }
            return new Decision.Accept(
                    event.withConfirmed(-booking.quantity(), at), Optional.of(booking.cancelled(at)));
        }

        private static boolean isOutdated(Command command, Event event) {
            return command.expectedVersion().isPresent()
                    && command.expectedVersion().getAsLong() != event.version();
        }

        private static Decision versionConflict(Command command, Event event) {
            return reject(
                    Reason.VERSION_CONFLICT,
                    "expected version " + command.expectedVersion().orElseThrow() + ", the event has version "
                            + event.version());
        }

        private static Decision eventNotFound() {
            return reject(Reason.EVENT_NOT_FOUND, "there is no event with this id");
        }

        private static Decision reject(Reason reason, String detail) {
            return new Decision.Reject(reason, detail);
        }
    }
}
