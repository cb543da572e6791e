package booking.schemas.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.CloseEvent;
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
import booking.schemas.topic.TopicDefinitions;
import booking.schemas.topic.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A record that exists is valid: what cannot be cannot be made. */
class ImpossibleRecordsTest {
    private static final UUID ID = UUID.fromString("01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a");
    private static final Instant AT = Instant.parse("2027-05-01T20:00:00Z");
    private static final OptionalLong ANY_VERSION = OptionalLong.empty();
    private static final EventSnapshot SNAPSHOT = new EventSnapshot(1, 1, 0, 0);
    private static final Position POSITION = new Position(0, 0);
    private static final ChangedBooking BOOKING =
            new ChangedBooking(ID, BookingStatus.CONFIRMED, "alice", 1, Optional.empty());
    private static final WaitlistPlace NEXT = new WaitlistPlace("alice", 1, OptionalInt.of(1));
    private static final WaitlistPlace LEFT = new WaitlistPlace("alice", 1, OptionalInt.empty());
    private static final OptionalInt NO_LIMIT = OptionalInt.empty();

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void cannotBeMadeAndTheMessageNamesTheOffender(String offender, ThrowingCallable making) {
        assertThatThrownBy(making).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(offender);
    }

    static Stream<Arguments> cannotBeMadeAndTheMessageNamesTheOffender() {
        return Stream.of(
                impossible("eventId", () -> new Book(ID, "a/b", "alice", 1, ANY_VERSION)),
                impossible("eventId", () -> new Book(ID, "", "alice", 1, ANY_VERSION)),
                impossible("userId", () -> new Book(ID, "e", "", 1, ANY_VERSION)),
                impossible("userId", () -> new Book(ID, "e", "\0", 1, ANY_VERSION)),
                impossible("userId", () -> new Book(ID, "e", "\ud83d", 1, ANY_VERSION)),
                impossible("quantity", () -> new Book(ID, "e", "alice", 0, ANY_VERSION)),
                impossible("expectedVersion", () -> new Book(ID, "e", "alice", 1, OptionalLong.of(0))),
                impossible("userId", () -> new Cancel(ID, "e", ID, Optional.of(""), ANY_VERSION)),
                impossible("name", () -> create("n".repeat(256), AT, "v", 1)),
                impossible("date", () -> create("n", Instant.MAX, "v", 1)),
                impossible("date", () -> create("n", Instant.MIN, "v", 1)),
                impossible("venue", () -> create("n", AT, "", 1)),
                impossible("capacity", () -> create("n", AT, "v", 0)),
                impossible("perUserLimit", () -> sale(OptionalInt.of(0), Optional.empty(), Optional.empty())),
                impossible("salesOpenAt", () -> sale(NO_LIMIT, Optional.of(Instant.MIN), Optional.empty())),
                impossible("salesCloseAt", () -> sale(NO_LIMIT, Optional.empty(), Optional.of(Instant.MAX))),
                impossible("salesCloseAt", () -> sale(NO_LIMIT, Optional.of(AT), Optional.of(AT))),
                impossible("at least one of name, date", () -> update(Optional.empty(), Optional.empty(), NO_LIMIT)),
                impossible("name", () -> update(Optional.of(""), Optional.empty(), NO_LIMIT)),
                impossible("date", () -> update(Optional.empty(), Optional.of(Instant.MAX), NO_LIMIT)),
                impossible("capacity", () -> update(Optional.empty(), Optional.empty(), OptionalInt.of(0))),
                impossible("eventId", () -> new CloseEvent(ID, "", ANY_VERSION)),
                impossible("userId", () -> new Hold(ID, "e", "", 1, 1, Optional.empty(), ANY_VERSION)),
                impossible("quantity", () -> new Hold(ID, "e", "alice", 0, 1, Optional.empty(), ANY_VERSION)),
                impossible("holdSeconds", () -> new Hold(ID, "e", "alice", 1, 0, Optional.empty(), ANY_VERSION)),
                impossible("holdSeconds", () -> new Hold(ID, "e", "alice", 1, 86_401, Optional.empty(), ANY_VERSION)),
                impossible("expectedVersion", () -> new Confirm(ID, "e", ID, OptionalLong.of(0))),
                impossible("expectedVersion", () -> new ExpireHold(ID, "e", ID, OptionalLong.of(-1))),
                impossible("quantity", () -> new JoinWaitlist(ID, "e", "alice", 0, ANY_VERSION)),
                impossible("quantity", () -> new LeaveWaitlist(ID, "e", "alice", 0, ANY_VERSION)),
                impossible("version 0", () -> new EventSnapshot(0, 1, 0, 0)),
                impossible("capacity 0", () -> new EventSnapshot(1, 0, 0, 0)),
                impossible("confirmed -1", () -> new EventSnapshot(1, 1, -1, 0)),
                impossible("held -1", () -> new EventSnapshot(1, 1, 0, -1)),
                impossible("held 2147483647", () -> new EventSnapshot(1, 1, 2147483647, 2147483647)),
                impossible("-1-0", () -> new Position(-1, 0)),
                impossible("0--1", () -> new Position(0, -1)),
                impossible("quantity", () -> booking(BookingStatus.CONFIRMED, 0, Optional.empty())),
                impossible("HELD has a holdExpiresAt", () -> booking(BookingStatus.HELD, 1, Optional.empty())),
                impossible("CONFIRMED has no hold", () -> booking(BookingStatus.CONFIRMED, 1, Optional.of(AT))),
                impossible("EXPIRED has no hold", () -> booking(BookingStatus.EXPIRED, 1, Optional.of(AT))),
                impossible("quantity", () -> new WaitlistPlace("alice", 0, OptionalInt.of(1))),
                impossible("waitlistPosition", () -> new WaitlistPlace("alice", 1, OptionalInt.of(0))),
                impossible("book", () -> accepted(CommandType.BOOK, Optional.empty())),
                impossible("hold", () -> accepted(CommandType.HOLD, Optional.empty())),
                impossible("confirm", () -> accepted(CommandType.CONFIRM, Optional.empty())),
                impossible("cancel", () -> accepted(CommandType.CANCEL, Optional.empty())),
                impossible("expireHold", () -> accepted(CommandType.EXPIRE_HOLD, Optional.empty())),
                impossible("createEvent", () -> accepted(CommandType.CREATE_EVENT, Optional.of(BOOKING))),
                impossible("updateEvent", () -> accepted(CommandType.UPDATE_EVENT, Optional.of(BOOKING))),
                impossible("closeEvent", () -> accepted(CommandType.CLOSE_EVENT, Optional.of(BOOKING))),
                impossible(
                        "joinWaitlist has no changed", () -> accepted(CommandType.JOIN_WAITLIST, Optional.of(BOOKING))),
                impossible("joinWaitlist has a place", () -> placed(CommandType.JOIN_WAITLIST, Optional.empty())),
                impossible(
                        "joinWaitlist has a waitlistPosition",
                        () -> placed(CommandType.JOIN_WAITLIST, Optional.of(LEFT))),
                impossible("leaveWaitlist has a place", () -> placed(CommandType.LEAVE_WAITLIST, Optional.empty())),
                impossible(
                        "leaveWaitlist has no waitlist", () -> placed(CommandType.LEAVE_WAITLIST, Optional.of(NEXT))),
                impossible("closeEvent has no place", () -> placed(CommandType.CLOSE_EVENT, Optional.of(LEFT))),
                impossible("partitions", () -> topics(0, 1, 1, Duration.ofDays(1))),
                impossible("min.insync.replicas", () -> topics(1, 1, 0, Duration.ofDays(1))),
                impossible("min.insync.replicas", () -> topics(1, 1, 2, Duration.ofDays(1))),
                impossible("retention", () -> topics(1, 1, 1, Duration.ZERO)),
                impossible("retention", () -> topics(1, 1, 1, Duration.ofMillis(-1))),
                impossible("dead/letters", () -> new TopicNames("c", "r", "a", "dead/letters")),
                impossible("..", () -> new TopicNames("c", "..", "a", "d")),
                impossible("\"\"", () -> new TopicNames("", "r", "a", "d")),
                impossible("c, r, c, d", () -> new TopicNames("c", "r", "c", "d")),
                impossible("-commands", () -> TopicNames.withPrefix("p".repeat(249))));
    }

    private static Arguments impossible(String offender, ThrowingCallable making) {
        return arguments(offender, making);
    }

    private static Accepted accepted(CommandType type, Optional<ChangedBooking> booking) {
        return new Accepted(type, ID, "e", booking, Optional.empty(), SNAPSHOT, POSITION, AT);
    }

    private static Accepted placed(CommandType type, Optional<WaitlistPlace> place) {
        return new Accepted(type, ID, "e", Optional.empty(), place, SNAPSHOT, POSITION, AT);
    }

    private static ChangedBooking booking(BookingStatus status, int quantity, Optional<Instant> holdExpiresAt) {
        return new ChangedBooking(ID, status, "alice", quantity, holdExpiresAt);
    }

    private static CreateEvent create(String name, Instant date, String venue, int capacity) {
        return new CreateEvent(ID, "e", name, date, venue, capacity, NO_LIMIT, Optional.empty(), Optional.empty());
    }

    private static CreateEvent sale(OptionalInt limit, Optional<Instant> openAt, Optional<Instant> closeAt) {
        return new CreateEvent(ID, "e", "n", AT, "v", 1, limit, openAt, closeAt);
    }

    private static UpdateEvent update(Optional<String> name, Optional<Instant> date, OptionalInt capacity) {
        return new UpdateEvent(
                ID,
                "e",
                name,
                date,
                Optional.empty(),
                capacity,
                NO_LIMIT,
                Optional.empty(),
                Optional.empty(),
                ANY_VERSION);
    }

    private static TopicDefinitions topics(int partitions, int replicas, int minInSync, Duration retention) {
        return new TopicDefinitions(TopicNames.DEFAULT, partitions, (short) replicas, minInSync, retention);
    }
}
