package booking.processor.decision;

import static booking.schemas.command.CommandType.BOOK;
import static booking.schemas.command.CommandType.CANCEL;
import static booking.schemas.command.CommandType.CLOSE_EVENT;
import static booking.schemas.command.CommandType.CONFIRM;
import static booking.schemas.command.CommandType.CREATE_EVENT;
import static booking.schemas.command.CommandType.EXPIRE_HOLD;
import static booking.schemas.command.CommandType.HOLD;
import static booking.schemas.command.CommandType.JOIN_WAITLIST;
import static booking.schemas.command.CommandType.LEAVE_WAITLIST;
import static booking.schemas.command.CommandType.UPDATE_EVENT;
import static booking.schemas.result.Reason.ALREADY_BOOKED;
import static booking.schemas.result.Reason.ALREADY_CONFIRMED;
import static booking.schemas.result.Reason.ALREADY_ON_WAITLIST;
import static booking.schemas.result.Reason.BOOKING_CANCELLED;
import static booking.schemas.result.Reason.BOOKING_NOT_FOUND;
import static booking.schemas.result.Reason.CAPACITY_BELOW_TAKEN;
import static booking.schemas.result.Reason.COMMAND_ID_REUSED;
import static booking.schemas.result.Reason.EVENT_CLOSED;
import static booking.schemas.result.Reason.EVENT_EXISTS;
import static booking.schemas.result.Reason.EVENT_NOT_FOUND;
import static booking.schemas.result.Reason.HOLD_EXPIRED;
import static booking.schemas.result.Reason.HOLD_NOT_EXPIRED;
import static booking.schemas.result.Reason.INVALID_COMMAND;
import static booking.schemas.result.Reason.NOT_ENOUGH_SEATS;
import static booking.schemas.result.Reason.NOT_ON_WAITLIST;
import static booking.schemas.result.Reason.NOT_THE_OWNER;
import static booking.schemas.result.Reason.SALES_CLOSED;
import static booking.schemas.result.Reason.SALES_NOT_OPEN;
import static booking.schemas.result.Reason.SEATS_AVAILABLE;
import static booking.schemas.result.Reason.SOLD_OUT;
import static booking.schemas.result.Reason.TIME_SLOT_TAKEN;
import static booking.schemas.result.Reason.USER_LIMIT_REACHED;
import static booking.schemas.result.Reason.VERSION_CONFLICT;

import booking.schemas.availability.EventStatus;
import booking.schemas.command.Command;
import booking.schemas.command.CommandType;
import booking.schemas.command.UpdateEvent;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.Reason;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Decides commands. {@link #CHECKS} is all there is to be refused for, from the first check to the last: a command with
 * two faults is always told the one that stands higher.
 */
public final class BookingRules {
    private static final CommandType[] SALES = {BOOK, HOLD, JOIN_WAITLIST};
    private static final CommandType[] SEATS = {BOOK, HOLD};
    private static final CommandType[] BOOKING = {CONFIRM, CANCEL, EXPIRE_HOLD};

    /** In the order of {@link Reason}, which is the order of the contract. */
    static final List<Check> CHECKS = List.of(
            check(
                    INVALID_COMMAND,
                    s -> s.found().isPresent() && s.wantedTerms().neverOpen(),
                    s -> "salesCloseAt must be after salesOpenAt; with what the event has now, sales would be open "
                            + s.wantedTerms().window(),
                    UPDATE_EVENT),
            // The outcome of that command is older than outcomes are kept, or it would have been given again.
            check(
                    COMMAND_ID_REUSED,
                    s -> s.books().booking(s.command().commandId()).isPresent(),
                    s -> "a command with this id has made a booking long ago",
                    SEATS),
            check(
                    EVENT_EXISTS,
                    s -> s.found().isPresent(),
                    s -> "there is an event with this id already",
                    CREATE_EVENT),
            check(
                    TIME_SLOT_TAKEN,
                    s -> s.otherEventThere().isPresent(),
                    s -> "event " + s.otherEventThere().orElseThrow() + " has this venue at this date already",
                    CREATE_EVENT,
                    UPDATE_EVENT),
            check(
                    EVENT_NOT_FOUND,
                    s -> s.found().isEmpty(),
                    s -> "there is no event with this id",
                    allBut(CREATE_EVENT)),
            check(
                    VERSION_CONFLICT,
                    s -> s.command().expectedVersion().orElse(s.event().version())
                            != s.event().version(),
                    s -> "expected version " + s.command().expectedVersion().orElseThrow() + ", the event has version "
                            + s.event().version(),
                    allBut(CREATE_EVENT)),
            check(
                    VERSION_CONFLICT,
                    s -> s.named().isPresent()
                            && (s.booking().confirmedSeats() > s.event().confirmed()
                                    || s.booking().heldSeats() > s.event().held()),
                    s -> "another writer made the booking without counting its seats; there are none to give back",
                    BOOKING),
            check(BOOKING_NOT_FOUND, s -> s.named().isEmpty(), s -> "the event has no booking with this id", BOOKING),
            check(
                    NOT_THE_OWNER,
                    s -> !s.asked()
                            .userId()
                            .orElse(s.booking().userId())
                            .equals(s.booking().userId()),
                    s -> "the booking belongs to another user",
                    CANCEL),
            check(
                    BOOKING_CANCELLED,
                    s -> s.bookingIs(BookingStatus.CANCELLED),
                    s -> "the booking was cancelled at " + s.booking().updatedAt(),
                    BOOKING),
            check(
                    HOLD_EXPIRED,
                    s -> s.bookingIs(BookingStatus.EXPIRED),
                    s -> "the hold ran out at " + s.booking().updatedAt() + "; its seats are free for others",
                    CONFIRM,
                    CANCEL),
            check(
                    ALREADY_CONFIRMED,
                    s -> s.bookingIs(BookingStatus.CONFIRMED),
                    s -> "the booking is confirmed already",
                    CONFIRM,
                    EXPIRE_HOLD),
            check(
                    HOLD_NOT_EXPIRED,
                    s -> s.bookingIs(BookingStatus.HELD),
                    s -> "the hold runs until " + s.booking().holdExpiresAt().orElseThrow(),
                    EXPIRE_HOLD),
            check(
                    EVENT_CLOSED,
                    s -> s.event().status() == EventStatus.CLOSED,
                    s -> "the event is closed",
                    CLOSE_EVENT,
                    BOOK,
                    HOLD,
                    JOIN_WAITLIST),
            check(
                    SALES_NOT_OPEN,
                    s -> s.event().sales().opensAfter(s.at()),
                    s -> "sales open at " + s.event().sales().openAt().orElseThrow(),
                    SALES),
            check(
                    SALES_CLOSED,
                    s -> s.event().sales().isOverAt(s.at()),
                    s -> "sales closed at " + s.event().sales().closeAt().orElseThrow(),
                    SALES),
            check(
                    USER_LIMIT_REACHED,
                    Situation::exceedsLimit,
                    s -> "a user may have " + s.event().sales().perUserLimit().orElseThrow() + " seats, and would have "
                            + s.seatsOfUserThen(),
                    SALES),
            check(
                    ALREADY_BOOKED,
                    s -> s.event().hasOnePlace() && s.seatsOpenToUser() == 0,
                    s -> s.event().available() == 0
                            ? "the event's one place is taken"
                            : "the event's one place is being offered to those who wait for it",
                    SEATS),
            check(
                    SOLD_OUT,
                    s -> s.seatsOpenToUser() == 0,
                    s -> s.event().available() == 0
                            ? "all " + s.event().capacity() + " seats are taken"
                            : "the seats that are free are being offered to those who wait for them",
                    SEATS),
            check(
                    NOT_ENOUGH_SEATS,
                    s -> s.quantity() > s.seatsOpenToUser(),
                    s -> "asked for " + s.quantity() + " seats, " + s.seatsOpenToUser() + " of "
                            + s.event().capacity() + " are left"
                            + (s.seatsOpenToUser() < s.event().available()
                                    ? "; others are being offered to those who wait for them"
                                    : ""),
                    SEATS),
            check(
                    NOT_ENOUGH_SEATS,
                    s -> s.quantity() > s.event().capacity(),
                    s -> "asked for " + s.quantity() + " seats, the event has "
                            + s.event().capacity(),
                    JOIN_WAITLIST),
            check(
                    CAPACITY_BELOW_TAKEN,
                    s -> ((UpdateEvent) s.command()).capacity().orElse(Integer.MAX_VALUE)
                            < (long) s.event().confirmed() + s.event().held(),
                    s -> (s.event().confirmed() + s.event().held()) + " seats are taken",
                    UPDATE_EVENT),
            check(
                    ALREADY_ON_WAITLIST,
                    s -> s.ownPlace().isPresent(),
                    s -> "the user waits already, for "
                            + s.ownPlace().orElseThrow().quantity() + " seats",
                    JOIN_WAITLIST),
            check(
                    NOT_ON_WAITLIST,
                    s -> s.ownPlace().isEmpty(),
                    s -> "the user does not wait for seats",
                    LEAVE_WAITLIST),
            check(NOT_ON_WAITLIST, Situation::isOfferInVain, s -> "the user no longer waits for these seats", HOLD),
            check(
                    SEATS_AVAILABLE,
                    s -> s.quantity() <= s.seatsOpenToUser(),
                    s -> s.event().available() + " seats are free; book them",
                    JOIN_WAITLIST));

    private static final Map<CommandType, List<Check>> CHECKS_BY_TYPE = Arrays.stream(CommandType.values())
            .collect(Collectors.toMap(
                    type -> type,
                    type -> CHECKS.stream()
                            .filter(check -> check.types().contains(type))
                            .toList(),
                    (one, other) -> one,
                    () -> new EnumMap<>(CommandType.class)));

    private BookingRules() {}

    /**
     * Decides one command. The same input always gives the same answer. Holds of its event that have run out must have
     * been ended before, see {@link RunOutHolds}.
     *
     * @param books the event asked about and what belongs to it, as the command before left them
     * @param at the time that the log gave the command
     */
    public static Decision decide(Command command, Books books, Instant at) {
        Situation situation = Situation.of(command, books, at);
        for (Check check : CHECKS_BY_TYPE.getOrDefault(command.type(), CHECKS)) {
            if (check.fails().test(situation)) {
                return new Decision.Reject(check.reason(), check.detail().apply(situation));
            }
        }
        return command.match(new Effects(situation));
    }

    /**
     * One thing to be refused for.
     *
     * @param fails whether it is so
     * @param detail what is wrong, for people
     * @param types the commands that are asked this
     */
    record Check(
            Reason reason, Predicate<Situation> fails, Function<Situation, String> detail, Set<CommandType> types) {}

    private static Check check(
            Reason reason, Predicate<Situation> fails, Function<Situation, String> detail, CommandType... types) {
        return new Check(reason, fails, detail, Set.of(types));
    }

    private static CommandType[] allBut(CommandType exception) {
        return Arrays.stream(CommandType.values())
                .filter(type -> type != exception)
                .toArray(CommandType[]::new);
    }
}
