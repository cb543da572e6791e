package booking.schemas.contract;

import booking.schemas.availability.Availability;
import booking.schemas.availability.EventStatus;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.CloseEvent;
import booking.schemas.command.Command;
import booking.schemas.command.CommandType;
import booking.schemas.command.Confirm;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.ExpireHold;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import booking.schemas.command.LeaveWaitlist;
import booking.schemas.command.UpdateEvent;
import booking.schemas.result.Accepted;
import booking.schemas.result.Accepted.ChangedBooking;
import booking.schemas.result.Accepted.WaitlistPlace;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.EventSnapshot;
import booking.schemas.result.Position;
import booking.schemas.result.Reason;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Records of every kind, with values from all over their ranges. */
final class AnyRecord {
    private AnyRecord() {}

    static Arbitrary<Command> command() {
        return Arbitraries.oneOf(
                createEvent(),
                updateEvent(),
                closeEvent(),
                seats(Book::new),
                hold(),
                booking(Confirm::new),
                cancel(),
                booking(ExpireHold::new),
                seats(JoinWaitlist::new),
                seats(LeaveWaitlist::new));
    }

    static Arbitrary<Result> result() {
        return Arbitraries.oneOf(accepted(), rejected());
    }

    static Arbitrary<Availability> availability() {
        return Combinators.combine(
                        eventId(),
                        text(255),
                        instant("0001-01-01T00:00:00Z"),
                        text(255),
                        Arbitraries.of(EventStatus.class),
                        snapshot(),
                        instant("1970-01-01T00:00:00Z"))
                .as(Availability::new);
    }

    private static Arbitrary<Command> createEvent() {
        return Combinators.combine(uuid(), eventId(), text(255), time(), text(255), positiveInt(), limit(), sale())
                .as((commandId, eventId, name, date, venue, capacity, limit, sale) -> new CreateEvent(
                        commandId, eventId, name, date, venue, capacity, limit, sale.openAt(), sale.closeAt()));
    }

    private static Arbitrary<Command> updateEvent() {
        Arbitrary<UpdateEvent> ofOneThing = Combinators.combine(uuid(), eventId(), limit(), version(), sale())
                .filter((commandId, eventId, limit, version, sale) -> limit.isPresent()
                        || sale.openAt().isPresent()
                        || sale.closeAt().isPresent())
                .as((commandId, eventId, limit, version, sale) -> new UpdateEvent(
                        commandId,
                        eventId,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        limit,
                        sale.openAt(),
                        sale.closeAt(),
                        version));
        return Combinators.combine(
                        ofOneThing,
                        text(255).optional(),
                        time().optional(),
                        text(255).optional(),
                        limit())
                .as((update, name, date, venue, capacity) -> new UpdateEvent(
                        update.commandId(),
                        update.eventId(),
                        name,
                        date,
                        venue,
                        capacity,
                        update.perUserLimit(),
                        update.salesOpenAt(),
                        update.salesCloseAt(),
                        update.expectedVersion()));
    }

    private static Arbitrary<Command> closeEvent() {
        return Combinators.combine(uuid(), eventId(), version()).as(CloseEvent::new);
    }

    private static Arbitrary<Command> hold() {
        return Combinators.combine(
                        uuid(),
                        eventId(),
                        text(128),
                        positiveInt(),
                        Arbitraries.integers().between(1, 86_400),
                        uuid().optional(),
                        version())
                .as(Hold::new);
    }

    private static Arbitrary<Command> seats(Combinators.F5<UUID, String, String, Integer, OptionalLong, Command> type) {
        return Combinators.combine(uuid(), eventId(), text(128), positiveInt(), version())
                .as(type);
    }

    private static Arbitrary<Command> booking(Combinators.F4<UUID, String, UUID, OptionalLong, Command> type) {
        return Combinators.combine(uuid(), eventId(), uuid(), version()).as(type);
    }

    private static Arbitrary<Command> cancel() {
        return Combinators.combine(uuid(), eventId(), uuid(), text(128).optional(), version())
                .as(Cancel::new);
    }

    private static Arbitrary<Result> accepted() {
        return Arbitraries.of(CommandType.class)
                .flatMap(type -> Combinators.combine(
                                uuid(),
                                eventId(),
                                changed(type),
                                place(type),
                                snapshot(),
                                position(),
                                instant("1970-01-01T00:00:00Z"))
                        .as((commandId, eventId, changed, place, snapshot, position, at) ->
                                new Accepted(type, commandId, eventId, changed, place, snapshot, position, at)));
    }

    private static Arbitrary<Optional<ChangedBooking>> changed(CommandType type) {
        return switch (type) {
            case BOOK, HOLD, CONFIRM, CANCEL, EXPIRE_HOLD ->
                Combinators.combine(
                                uuid(),
                                Arbitraries.of(BookingStatus.class),
                                text(128),
                                positiveInt(),
                                instant("1970-01-01T00:00:00Z"))
                        .as((booking, status, userId, quantity, expiry) -> Optional.of(new ChangedBooking(
                                booking,
                                status,
                                userId,
                                quantity,
                                Optional.of(expiry).filter(at -> status == BookingStatus.HELD))));
            default -> Arbitraries.just(Optional.empty());
        };
    }

    private static Arbitrary<Optional<WaitlistPlace>> place(CommandType type) {
        return switch (type) {
            case JOIN_WAITLIST ->
                Combinators.combine(text(128), positiveInt(), positiveInt())
                        .as((userId, quantity, position) ->
                                Optional.of(new WaitlistPlace(userId, quantity, OptionalInt.of(position))));
            case LEAVE_WAITLIST ->
                Combinators.combine(text(128), positiveInt())
                        .as((userId, quantity) ->
                                Optional.of(new WaitlistPlace(userId, quantity, OptionalInt.empty())));
            default -> Arbitraries.just(Optional.empty());
        };
    }

    private static Arbitrary<Result> rejected() {
        Arbitrary<Rejected> bare = Combinators.combine(
                        Arbitraries.of(CommandType.class).optional(),
                        uuid(),
                        eventId(),
                        Arbitraries.of(Reason.class),
                        text(300),
                        uuid().optional(),
                        position(),
                        instant("1970-01-01T00:00:00Z"))
                .as((type, commandId, eventId, reason, detail, booking, position, at) -> new Rejected(
                        type,
                        commandId,
                        eventId,
                        reason,
                        detail,
                        booking,
                        Optional.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        position,
                        at));
        return Combinators.combine(
                        bare,
                        text(128).optional(),
                        positiveInt().optional(),
                        snapshot().optional())
                .as((rejected, userId, quantity, event) -> new Rejected(
                        rejected.commandType(),
                        rejected.commandId(),
                        rejected.eventId(),
                        rejected.reason(),
                        rejected.detail(),
                        rejected.booking(),
                        userId,
                        quantity.map(OptionalInt::of).orElse(OptionalInt.empty()),
                        event,
                        rejected.position(),
                        rejected.decidedAt()));
    }

    private static Arbitrary<EventSnapshot> snapshot() {
        return Combinators.combine(
                        Arbitraries.longs().greaterOrEqual(1),
                        positiveInt(),
                        Arbitraries.doubles().between(0, 1))
                .flatAs((version, capacity, share) -> Arbitraries.integers()
                        .between(0, (int) (capacity * share))
                        .map(confirmed -> new EventSnapshot(
                                version, capacity, confirmed, (int) ((capacity - confirmed) * share))));
    }

    private static Arbitrary<Position> position() {
        return Combinators.combine(
                        Arbitraries.integers().greaterOrEqual(0),
                        Arbitraries.longs().greaterOrEqual(0))
                .as(Position::new);
    }

    private static Arbitrary<UUID> uuid() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
                .as(UUID::new)
                .withoutEdgeCases();
    }

    private static Arbitrary<String> eventId() {
        return Arbitraries.strings()
                .withCharRange('A', 'Z')
                .withCharRange('a', 'z')
                .withCharRange('0', '9')
                .withChars("._:-")
                .ofMinLength(1)
                .ofMaxLength(128)
                .withoutEdgeCases();
    }

    /** Characters of one byte, of two and three, and of four, but never U+0000 or half a surrogate pair. */
    private static Arbitrary<String> text(int maxCharacters) {
        Arbitrary<Integer> character = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.integers().between(1, 0x7F)),
                Tuple.of(2, Arbitraries.integers().between(0x80, 0xD7FF)),
                Tuple.of(1, Arbitraries.integers().between(0xE000, 0xFFFF)),
                Tuple.of(1, Arbitraries.integers().between(0x10000, Character.MAX_CODE_POINT)));
        return character
                .list()
                .ofMinSize(1)
                .ofMaxSize(maxCharacters)
                .map(characters -> {
                    StringBuilder text = new StringBuilder();
                    characters.forEach(text::appendCodePoint);
                    return text.toString();
                })
                // Combined with those of the other fields they would be all that is ever tried.
                .withoutEdgeCases();
    }

    private static Arbitrary<Integer> positiveInt() {
        return Arbitraries.integers().greaterOrEqual(1);
    }

    private static Arbitrary<OptionalLong> version() {
        return Arbitraries.longs()
                .greaterOrEqual(1)
                .optional()
                .map(version -> version.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    private static Arbitrary<OptionalInt> limit() {
        return positiveInt().optional().map(limit -> limit.map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    /** No times, one of them, or both, which are in their order then. */
    private static Arbitrary<SalesWindow> sale() {
        return Combinators.combine(time(), time(), Arbitraries.integers().between(0, 3))
                .filter((one, other, given) ->
                        Math.abs(Duration.between(one, other).toSeconds()) > 1)
                .as((one, other, given) -> new SalesWindow(
                        Optional.of(one.isBefore(other) ? one : other).filter(open -> (given & 1) != 0),
                        Optional.of(one.isBefore(other) ? other : one).filter(close -> (given & 2) != 0)));
    }

    private record SalesWindow(Optional<Instant> openAt, Optional<Instant> closeAt) {}

    private static Arbitrary<Instant> time() {
        return instant("0001-01-01T00:00:00Z");
    }

    private static Arbitrary<Instant> instant(String earliest) {
        return Combinators.combine(
                        Arbitraries.longs()
                                .between(
                                        Instant.parse(earliest).getEpochSecond(),
                                        Instant.parse("9999-12-31T23:59:59Z").getEpochSecond()),
                        Arbitraries.oneOf(
                                Arbitraries.just(0),
                                Arbitraries.integers().between(0, 999).map(millis -> millis * 1_000_000),
                                Arbitraries.integers().between(0, 999_999_999)))
                .as(Instant::ofEpochSecond)
                .withoutEdgeCases();
    }
}
