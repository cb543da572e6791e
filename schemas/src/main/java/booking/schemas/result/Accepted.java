package booking.schemas.result;

import static java.util.Objects.requireNonNull;

import booking.schemas.command.CommandType;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * The command was carried out.
 *
 * @param changed the booking that was made or changed; there for every command about a booking, and for no other
 * @param place the place in the line that was taken or left; there for the commands about the waitlist, and for no other
 * @param snapshot the event right after the decision
 */
public record Accepted(
        CommandType type,
        UUID commandId,
        String eventId,
        Optional<ChangedBooking> changed,
        Optional<WaitlistPlace> place,
        EventSnapshot snapshot,
        Position position,
        Instant decidedAt)
        implements Result {
    private static final Set<CommandType> ABOUT_A_BOOKING = Set.of(
            CommandType.BOOK, CommandType.HOLD, CommandType.CONFIRM, CommandType.CANCEL, CommandType.EXPIRE_HOLD);
    private static final Set<CommandType> ABOUT_THE_WAITLIST =
            Set.of(CommandType.JOIN_WAITLIST, CommandType.LEAVE_WAITLIST);

    public Accepted {
        requireNonNull(type, "type is null");
        requireNonNull(commandId, "commandId is null");
        requireNonNull(eventId, "eventId is null");
        requireNonNull(changed, "changed is null");
        requireNonNull(place, "place is null");
        requireNonNull(snapshot, "snapshot is null");
        requireNonNull(position, "position is null");
        requireNonNull(decidedAt, "decidedAt is null");
        require(type, changed.isPresent(), ABOUT_A_BOOKING.contains(type), "changed booking");
        require(type, place.isPresent(), ABOUT_THE_WAITLIST.contains(type), "place on the waitlist");
        if (place.isPresent()) {
            boolean waits = place.get().waitlistPosition().isPresent();
            require(type, waits, type == CommandType.JOIN_WAITLIST, "waitlistPosition");
        }
    }

    private static void require(CommandType type, boolean present, boolean wanted, String what) {
        if (present != wanted) {
            throw new IllegalArgumentException(
                    "an accepted " + type.wireName() + " has " + (wanted ? "a " : "no ") + what);
        }
    }

    /**
     * A booking as the command left it.
     *
     * @param holdExpiresAt when its seats are free again; there exactly while it is held
     */
    public record ChangedBooking(
            UUID bookingId, BookingStatus status, String userId, int quantity, Optional<Instant> holdExpiresAt) {
        public ChangedBooking {
            requireNonNull(bookingId, "bookingId is null");
            requireNonNull(status, "status is null");
            requireNonNull(userId, "userId is null");
            requireQuantity(quantity);
            requireNonNull(holdExpiresAt, "holdExpiresAt is null");
            boolean held = status == BookingStatus.HELD;
            if (holdExpiresAt.isPresent() != held) {
                throw new IllegalArgumentException(
                        "a booking that is " + status + " has " + (held ? "a" : "no") + " holdExpiresAt");
            }
        }
    }

    /**
     * A place in the line for seats that become free.
     *
     * @param quantity how many seats are waited for
     * @param waitlistPosition how many entries there are up to and with this one, so 1 is next; empty once it was left
     */
    public record WaitlistPlace(String userId, int quantity, OptionalInt waitlistPosition) {
        public WaitlistPlace {
            requireNonNull(userId, "userId is null");
            requireQuantity(quantity);
            requireNonNull(waitlistPosition, "waitlistPosition is null");
            if (waitlistPosition.isPresent() && waitlistPosition.getAsInt() < 1) {
                throw new IllegalArgumentException(
                        "waitlistPosition must be at least 1, was " + waitlistPosition.getAsInt());
            }
        }
    }

    private static void requireQuantity(int quantity) {
        if (quantity < 1) {
            throw new IllegalArgumentException("quantity must be at least 1, was " + quantity);
        }
    }

    @Override
    public Optional<CommandType> commandType() {
        return Optional.of(type);
    }

    @Override
    public Optional<UUID> booking() {
        return changed.map(ChangedBooking::bookingId);
    }

    @Override
    public Optional<String> userId() {
        return changed.map(ChangedBooking::userId).or(() -> place.map(WaitlistPlace::userId));
    }

    @Override
    public OptionalInt quantity() {
        if (changed.isPresent()) {
            return OptionalInt.of(changed.get().quantity());
        }
        return place.isPresent() ? OptionalInt.of(place.get().quantity()) : OptionalInt.empty();
    }

    @Override
    public Optional<EventSnapshot> event() {
        return Optional.of(snapshot);
    }
}
