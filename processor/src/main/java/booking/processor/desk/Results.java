package booking.processor.desk;

import booking.processor.decision.Books;
import booking.processor.decision.Decision;
import booking.processor.decision.Event;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.CreateEvent;
import booking.schemas.result.Accepted;
import booking.schemas.result.EventSnapshot;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Puts decisions into the words of the contract. */
final class Results {
    private Results() {}

    /** The result of a decision, with the event as the decision left it. */
    static Result of(Incoming.Answerable command, Decision decision, Books books) {
        if (decision instanceof Decision.Accept accept) {
            return new Accepted(
                    command.type().orElseThrow(),
                    command.commandId(),
                    command.eventId(),
                    accept.booking()
                            .map(booking -> new Accepted.ChangedBooking(
                                    booking.id(), booking.status(), booking.userId(), booking.quantity())),
                    accept.event().snapshot(),
                    command.position(),
                    command.at());
        }
        Optional<EventSnapshot> event = command instanceof Incoming.Valid
                ? books.event(command.eventId()).map(Event::snapshot)
                : Optional.empty();
        return rejected(command, (Decision.Reject) decision, event);
    }

    /** The result of a refusal for which the event was not looked at. */
    static Result withoutEvent(Incoming.Answerable command, Decision.Reject reject) {
        return rejected(command, reject, Optional.empty());
    }

    private static Rejected rejected(
            Incoming.Answerable command, Decision.Reject reject, Optional<EventSnapshot> event) {
        Optional<Asked> asked = command instanceof Incoming.Valid valid
                ? Optional.of(valid.command().match(Asked.CASES))
                : Optional.empty();
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

    /** What a rejected command asked for, said again in its result. */
    private record Asked(Optional<UUID> bookingId, Optional<String> userId, OptionalInt quantity) {
        static final Command.Cases<Asked> CASES = new Command.Cases<>() {
            @Override
            public Asked createEvent(CreateEvent command) {
                return new Asked(Optional.empty(), Optional.empty(), OptionalInt.empty());
            }

            @Override
            public Asked book(Book command) {
                return new Asked(Optional.empty(), Optional.of(command.userId()), OptionalInt.of(command.quantity()));
            }

            @Override
            public Asked cancel(Cancel command) {
                return new Asked(Optional.of(command.bookingId()), command.userId(), OptionalInt.empty());
            }
        };
    }
}
