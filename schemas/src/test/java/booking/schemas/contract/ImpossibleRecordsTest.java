package booking.schemas.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.CommandType;
import booking.schemas.command.CreateEvent;
import booking.schemas.result.Accepted;
import booking.schemas.result.Accepted.ChangedBooking;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.EventSnapshot;
import booking.schemas.result.Position;
import booking.schemas.topic.TopicDefinitions;
import booking.schemas.topic.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
    private static final ChangedBooking BOOKING = new ChangedBooking(ID, BookingStatus.CONFIRMED, "alice", 1);

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
                impossible("name", () -> new CreateEvent(ID, "e", "n".repeat(256), AT, "v", 1)),
                impossible("date", () -> new CreateEvent(ID, "e", "n", Instant.MAX, "v", 1)),
                impossible("date", () -> new CreateEvent(ID, "e", "n", Instant.MIN, "v", 1)),
                impossible("venue", () -> new CreateEvent(ID, "e", "n", AT, "", 1)),
                impossible("capacity", () -> new CreateEvent(ID, "e", "n", AT, "v", 0)),
                impossible("version 0", () -> new EventSnapshot(0, 1, 0, 0)),
                impossible("capacity 0", () -> new EventSnapshot(1, 0, 0, 0)),
                impossible("confirmed -1", () -> new EventSnapshot(1, 1, -1, 0)),
                impossible("held -1", () -> new EventSnapshot(1, 1, 0, -1)),
                impossible("held 2147483647", () -> new EventSnapshot(1, 1, 2147483647, 2147483647)),
                impossible("-1-0", () -> new Position(-1, 0)),
                impossible("0--1", () -> new Position(0, -1)),
                impossible("quantity", () -> new ChangedBooking(ID, BookingStatus.CONFIRMED, "alice", 0)),
                impossible("book", () -> accepted(CommandType.BOOK, Optional.empty())),
                impossible("cancel", () -> accepted(CommandType.CANCEL, Optional.empty())),
                impossible("createEvent", () -> accepted(CommandType.CREATE_EVENT, Optional.of(BOOKING))),
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
        return new Accepted(type, ID, "e", booking, SNAPSHOT, POSITION, AT);
    }

    private static TopicDefinitions topics(int partitions, int replicas, int minInSync, Duration retention) {
        return new TopicDefinitions(TopicNames.DEFAULT, partitions, (short) replicas, minInSync, retention);
    }
}
