package booking.schemas.command;

import java.util.OptionalLong;
import java.util.UUID;

/** What a client asks for. Keyed by event: all commands for an event meet in one partition, in order. */
public sealed interface Command
        permits CreateEvent,
                UpdateEvent,
                CloseEvent,
                Book,
                Hold,
                Confirm,
                Cancel,
                ExpireHold,
                JoinWaitlist,
                LeaveWaitlist {

    /** The idempotency key: the same command sent twice has the same id and gets the same answer. */
    UUID commandId();

    /** The event asked about, and the key of the record: 1 to 128 of {@code A-Z a-z 0-9 . _ : -}. */
    String eventId();

    CommandType type();

    /** The event version that the sender saw; when given, it must still be the event's version. */
    default OptionalLong expectedVersion() {
        return OptionalLong.empty();
    }

    /** One way for each kind of command; whoever implements it stops compiling when a kind is added. */
    <R> R match(Cases<R> cases);

    /**
     * What to do with each kind of command.
     *
     * @param <R> what comes of it
     */
    interface Cases<R> {
        R createEvent(CreateEvent command);

        R updateEvent(UpdateEvent command);

        R closeEvent(CloseEvent command);

        R book(Book command);

        R hold(Hold command);

        R confirm(Confirm command);

        R cancel(Cancel command);

        R expireHold(ExpireHold command);

        R joinWaitlist(JoinWaitlist command);

        R leaveWaitlist(LeaveWaitlist command);
    }
}
