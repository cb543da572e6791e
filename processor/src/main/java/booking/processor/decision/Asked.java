package booking.processor.decision;

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
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What a command names beside its event.
 *
 * @param bookingId a booking that is there already
 * @param quantity how many seats
 */
public record Asked(Optional<UUID> bookingId, Optional<String> userId, OptionalInt quantity) {
    private static final Asked NOTHING = new Asked(Optional.empty(), Optional.empty(), OptionalInt.empty());

    private static final Command.Cases<Asked> CASES = new Command.Cases<>() {
        @Override
        public Asked createEvent(CreateEvent command) {
            return NOTHING;
        }

        @Override
        public Asked updateEvent(UpdateEvent command) {
            return NOTHING;
        }

        @Override
        public Asked closeEvent(CloseEvent command) {
            return NOTHING;
        }

        @Override
        public Asked book(Book command) {
            return seats(command.userId(), command.quantity());
        }

        @Override
        public Asked hold(Hold command) {
            return seats(command.userId(), command.quantity());
        }

        @Override
        public Asked confirm(Confirm command) {
            return booking(command.bookingId());
        }

        @Override
        public Asked cancel(Cancel command) {
            return new Asked(Optional.of(command.bookingId()), command.userId(), OptionalInt.empty());
        }

        @Override
        public Asked expireHold(ExpireHold command) {
            return booking(command.bookingId());
        }

        @Override
        public Asked joinWaitlist(JoinWaitlist command) {
            return seats(command.userId(), command.quantity());
        }

        @Override
        public Asked leaveWaitlist(LeaveWaitlist command) {
            return seats(command.userId(), command.quantity());
        }

        private static Asked seats(String userId, int quantity) {
            return new Asked(Optional.empty(), Optional.of(userId), OptionalInt.of(quantity));
        }

        private static Asked booking(UUID bookingId) {
            return new Asked(Optional.of(bookingId), Optional.empty(), OptionalInt.empty());
        }
    };

    /** What this command names. */
    public static Asked by(Command command) {
        return command.match(CASES);
    }
}
