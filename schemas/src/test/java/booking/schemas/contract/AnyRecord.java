package booking.schemas.contract;

import booking.schemas.availability.Availability;
import booking.schemas.availability.EventStatus;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.CommandType;
import booking.schemas.command.CreateEvent;
import booking.schemas.result.Accepted;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.EventSnapshot;
import booking.schemas.result.Position;
import booking.schemas.result.Reason;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
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
        return Arbitraries.oneOf(createEvent(), book(), cancel());
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
        return Combinators.combine(
                        uuid(), eventId(), text(255), instant("0001-01-01T00:00:00Z"), text(255), positiveInt())
                .as(CreateEvent::new);
    }

    private static Arbitrary<Command> book() {
        return Combinators.combine(uuid(), eventId(), text(128), positiveInt(), version())
                .as(Book::new);
    }

    private static Arbitrary<Command> cancel() {
        return Combinators.combine(uuid(), eventId(), uuid(), text(128).optional(), version())
                .as(Cancel::new);
    }

    private static Arbitrary<Result> accepted() {
        Arbitrary<Accepted.ChangedBooking> booking = Combinators.combine(
                        uuid(), Arbitraries.of(BookingStatus.class), text(128), positiveInt())
                .as(Accepted.ChangedBooking::new);
        return Arbitraries.of(CommandType.class)
                .flatMap(type -> Combinators.combine(
                                uuid(),
                                eventId(),
                                booking.optional(type == CommandType.CREATE_EVENT ? 0 : 1),
                                snapshot(),
                                position(),
                                instant("1970-01-01T00:00:00Z"))
                        .as((commandId, eventId, changed, snapshot, position, at) ->
                                new Accepted(type, commandId, eventId, changed, snapshot, position, at)));
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
