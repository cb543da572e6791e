package booking.processor.decision;

import booking.schemas.command.Command;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.Hold;
import booking.schemas.command.UpdateEvent;
import booking.schemas.result.BookingStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A command, and what the books say about it: the words in which the checks are written. A question about the event or
 * the booking may be asked once it is known that there is one.
 *
 * @param asked what the command names
 * @param found the event, as it was left by the command before and by the holds that have run out since
 * @param named the booking, if it is one of this event
 */
record Situation(
        Command command, Asked asked, Optional<Event> found, Optional<Booking> named, Books books, Instant at) {

    static Situation of(Command command, Books books, Instant at) {
        Asked asked = Asked.by(command);
        return new Situation(
                command,
                asked,
                books.event(command.eventId()),
                asked.bookingId()
                        .flatMap(books::booking)
                        .filter(booking -> booking.eventId().equals(command.eventId())),
                books,
                at);
    }

    Event event() {
        return found.orElseThrow(() -> new IllegalStateException("asked about an event that is not there"));
    }

    Booking booking() {
        return named.orElseThrow(() -> new IllegalStateException("asked about a booking that is not there"));
    }

    boolean bookingIs(BookingStatus status) {
        return booking().status() == status;
    }

    String user() {
        return asked.userId().orElseThrow(() -> new IllegalStateException("asked about a user who is not named"));
    }

    int quantity() {
        return asked.quantity().orElseThrow(() -> new IllegalStateException("asked for no seats"));
    }

    /** The slot that the event shall have, as far as it is known. */
    Optional<Slot> wantedSlot() {
        if (command instanceof CreateEvent create) {
            return Optional.of(new Slot(create.venue(), create.date()));
        }
        if (command instanceof UpdateEvent update) {
            Optional<Slot> now = found.map(Event::slot);
            Optional<String> venue = update.venue().or(() -> now.map(Slot::venue));
            Optional<Instant> date = update.date().or(() -> now.map(Slot::date));
            return venue.isPresent() && date.isPresent()
                    ? Optional.of(new Slot(venue.get(), date.get()))
                    : Optional.empty();
        }
        return Optional.empty();
    }

    /** The event that has the wanted slot, if it is another one. */
    Optional<String> otherEventThere() {
        return wantedSlot().flatMap(books::eventAt).filter(other -> !other.equals(command.eventId()));
    }

    /** The terms of sale as the command would leave them. */
    SalesTerms wantedTerms() {
        UpdateEvent update = (UpdateEvent) command;
        SalesTerms now = event().sales();
        return new SalesTerms(
                update.perUserLimit().isPresent() ? update.perUserLimit() : now.perUserLimit(),
                update.salesOpenAt().or(now::openAt),
                update.salesCloseAt().or(now::closeAt));
    }

    /** The command's user's seats, were the command carried out. */
    long seatsOfUserThen() {
        return books.seatsOf(event().id(), user()) + quantity();
    }

    boolean exceedsLimit() {
        return event().sales().perUserLimit().isPresent() && !event().sales().allows(seatsOfUserThen());
    }

    /** The command's user's own place in the line. */
    Optional<Waiting> ownPlace() {
        return event().waiting() == 0 ? Optional.empty() : books.place(event().id(), user());
    }

    /**
     * The free seats that the command's user may have, as they are not for somebody in the line: somebody who stands
     * before the user, and for whoever wants more than what was waited for, anybody.
     */
    int seatsOpenToUser() {
        Event event = event();
        if (event.waiting() == 0 || event.available() == 0) {
            return event.available();
        }
        return event.available()
                - ownPlace()
                        .map(this::seatsForOthers)
                        .orElseGet(() -> books.turns(event).seats());
    }

    private int seatsForOthers(Waiting own) {
        Turns turns = books.turns(event());
        if (quantity() <= own.quantity()) {
            return turns.seatsBefore(own.place());
        }
        return turns.include(own.place()) ? turnsWithout(own).seats() : turns.seats();
    }

    private Turns turnsWithout(Waiting own) {
        List<Waiting> others = books.line(event().id()).stream()
                .filter(other -> other.place() != own.place())
                .toList();
        return Turns.of(Line.toServe(event(), others, user -> books.seatsOf(event().id(), user)));
    }

    /** Whether this hold is an offer to somebody who no longer waits for it. */
    boolean isOfferInVain() {
        return command instanceof Hold hold
                && hold.waitlistId().isPresent()
                && ownPlace()
                        .filter(place -> place.id().equals(hold.waitlistId().get()))
                        .isEmpty();
    }
}
