package booking.processor.desk;

import booking.processor.decision.Asked;
import booking.processor.decision.Booking;
import booking.processor.decision.Books;
import booking.processor.decision.Change;
import booking.processor.decision.Decision;
import booking.processor.decision.Event;
import booking.schemas.result.Accepted;
import booking.schemas.result.EventSnapshot;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import java.util.Optional;
import java.util.OptionalInt;

/** Puts decisions into the words of the contract. */
final class Results {
    private Results() {}

    /** The result of a decision, with the event as the decision left it. */
    static Result of(Incoming.Answerable command, Decision decision, Books books) {
        if (decision instanceof Decision.Accept accept) {
            Change change = accept.change();
            return accepted(command, change.event(), change.booking(), place(change));
        }
        if (decision instanceof Decision.Settled settled) {
            return accepted(command, settled.event(), Optional.of(settled.booking()), Optional.empty());
        }
        Optional<EventSnapshot> event = command instanceof Incoming.Valid
                ? books.event(command.eventId()).map(Event::snapshot)
                : Optional.empty();
        return rejected(command, (Decision.Reject) decision, event);
    }

    private static Accepted accepted(
            Incoming.Answerable command,
            Event event,
            Optional<Booking> booking,
            Optional<Accepted.WaitlistPlace> place) {
        return new Accepted(
                command.type().orElseThrow(),
                command.commandId(),
                command.eventId(),
                booking.map(changed -> new Accepted.ChangedBooking(
                        changed.id(), changed.status(), changed.userId(), changed.quantity(), changed.holdExpiresAt())),
                place,
                event.snapshot(),
                command.position(),
                command.at());
    }

    /** The place in the line that a command is about. Who is served has left the line too, but that is told by the booking. */
    private static Optional<Accepted.WaitlistPlace> place(Change change) {
        if (change.booking().isPresent()) {
            return Optional.empty();
        }
        return change.joined()
                .map(joined -> new Accepted.WaitlistPlace(
                        joined.userId(),
                        joined.quantity(),
                        OptionalInt.of(change.event().waiting())))
                .or(() -> change.left()
                        .map(left -> new Accepted.WaitlistPlace(left.userId(), left.quantity(), OptionalInt.empty())));
    }

    /** The result of a refusal for which the event was not looked at. */
    static Result withoutEvent(Incoming.Answerable command, Decision.Reject reject) {
        return rejected(command, reject, Optional.empty());
    }

    private static Rejected rejected(
            Incoming.Answerable command, Decision.Reject reject, Optional<EventSnapshot> event) {
        Optional<Asked> asked =
                command instanceof Incoming.Valid valid ? Optional.of(Asked.by(valid.command())) : Optional.empty();
        return new Rejected(
                command.type(),
                command.commandId(),
                command.eventId(),
                reject.reason(),
                reject.detail(),
                asked.flatMap(Asked::bookingId),
                asked.flatMap(Asked::userId),
                asked.map(Asked::quantity).orElse(OptionalInt.empty()),
                event,
                command.position(),
                command.at());
    }
}
