package booking.processor.decision;

import booking.schemas.availability.EventStatus;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.CloseEvent;
import booking.schemas.command.Command;
import booking.schemas.command.Confirm;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.ExpireHold;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import booking.schemas.command.LeaveWaitlist;
import booking.schemas.command.UpdateEvent;
import booking.schemas.result.BookingStatus;
import java.time.Instant;
import java.util.Optional;

/** What each kind of command changes, once nothing speaks against it. */
record Effects(Situation situation) implements Command.Cases<Decision> {

    @Override
    public Decision createEvent(CreateEvent command) {
        return accept(Change.of(new Event(
                command.eventId(),
                command.name(),
                new Slot(command.venue(), command.date()),
                EventStatus.OPEN,
                1,
                command.capacity(),
                0,
                0,
                new SalesTerms(command.perUserLimit(), command.salesOpenAt(), command.salesCloseAt()),
                0,
                situation.at(),
                situation.at())));
    }

    @Override
    public Decision updateEvent(UpdateEvent command) {
        Event event = situation.event();
        return accept(Change.of(event.withDescription(
                command.name().orElse(event.name()),
                situation.wantedSlot().orElse(event.slot()),
                command.capacity().orElse(event.capacity()),
                situation.wantedTerms(),
                situation.at())));
    }

    @Override
    public Decision closeEvent(CloseEvent command) {
        return accept(Change.of(situation.event().closed(situation.at())));
    }

    @Override
    public Decision book(Book command) {
        return takeSeats(BookingStatus.CONFIRMED, Optional.empty());
    }

    @Override
    public Decision hold(Hold command) {
        return takeSeats(BookingStatus.HELD, Optional.of(situation.at().plusSeconds(command.holdSeconds())));
    }

    @Override
    public Decision confirm(Confirm command) {
        Booking booking = situation.booking();
        return accept(Change.of(
                situation.event().withSeats(booking.quantity(), -booking.quantity(), situation.at()),
                booking.confirmed(situation.at())));
    }

    @Override
    public Decision cancel(Cancel command) {
        Booking booking = situation.booking();
        return accept(Change.of(
                situation.event().withSeats(-booking.confirmedSeats(), -booking.heldSeats(), situation.at()),
                booking.cancelled(situation.at())));
    }

    @Override
    public Decision expireHold(ExpireHold command) {
        // Like every command, it came after the holds that had run out by its time were ended.
        return new Decision.Settled(situation.event(), situation.booking());
    }

    @Override
    public Decision joinWaitlist(JoinWaitlist command) {
        Event event = situation.event().withOneMoreWaiting(situation.at());
        Waiting waiting = new Waiting(
                command.commandId(),
                command.eventId(),
                command.userId(),
                command.quantity(),
                event.version(),
                situation.at());
        return accept(new Change(event, Optional.empty(), Optional.of(waiting), Optional.empty()));
    }

    @Override
    public Decision leaveWaitlist(LeaveWaitlist command) {
        return accept(new Change(
                situation.event().withOneLessWaiting(situation.at()),
                Optional.empty(),
                Optional.empty(),
                situation.ownPlace()));
    }

    /** Makes the booking. Who gets seats has no need to wait any longer. */
    private Decision takeSeats(BookingStatus status, Optional<Instant> holdExpiresAt) {
        Instant at = situation.at();
        Command command = situation.command();
        Booking booking = new Booking(
                command.commandId(),
                command.eventId(),
                situation.user(),
                situation.quantity(),
                status,
                holdExpiresAt,
                at,
                at);
        Event event = situation.event().withSeats(booking.confirmedSeats(), booking.heldSeats(), at);
        Optional<Waiting> served = situation.ownPlace();
        return accept(new Change(
                served.isPresent() ? event.andOneLessWaiting() : event,
                Optional.of(booking),
                Optional.empty(),
                served));
    }

    private static Decision accept(Change change) {
        return new Decision.Accept(change);
    }
}
