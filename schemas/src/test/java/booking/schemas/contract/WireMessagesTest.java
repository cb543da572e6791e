package booking.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import booking.schemas.availability.Availability;
import booking.schemas.availability.AvailabilityCodec;
import booking.schemas.availability.EventStatus;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.Command;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandEncoder;
import booking.schemas.command.CommandType;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.Decoded;
import booking.schemas.result.Accepted;
import booking.schemas.result.BookingStatus;
import booking.schemas.result.EventSnapshot;
import booking.schemas.result.Position;
import booking.schemas.result.Reason;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import booking.schemas.result.ResultEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages as version 0.1 wrote them read as the same records for ever, and so does what a later version may add to
 * them. The files are never changed; a later version adds files of its own.
 */
class WireMessagesTest {
    private static final Path FILES = Path.of("src/test/resources/wire/0.1");
    private static final String WITH_MORE = "-with-more.json";

    private static final UUID CREATION = UUID.fromString("01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a");
    private static final UUID BOOKING = UUID.fromString("01990f3d-11d0-7b5e-9c0d-5a1b2c3d4e5f");
    private static final UUID CANCELLATION = UUID.fromString("01990f3e-20aa-7d0f-8b1c-6f7e8d9c0b1a");
    private static final EventSnapshot SNAPSHOT = new EventSnapshot(57, 100, 97, 2);
    private static final Position POSITION = new Position(3, 5120);
    private static final Instant DECIDED = Instant.parse("2026-11-22T10:15:30.123Z");

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void commandsRead(String file, Command expected) throws IOException {
        byte[] json = read(file);

        assertThat(PublishedSchema.COMMAND.errors(json)).isEmpty();
        assertThat(new CommandDecoder().decode(expected.eventId().getBytes(UTF_8), json))
                .isEqualTo(new Decoded.Valid(expected));
        if (!file.endsWith(WITH_MORE)) {
            // What a repetition is told by: of the same command, the same bytes.
            assertThat(new CommandEncoder().encode(expected)).asString(UTF_8).isEqualTo(new String(json, UTF_8));
        }
    }

    static Stream<Arguments> commandsRead() {
        Instant date = Instant.parse("2027-05-01T20:00:00Z");
        return Stream.of(
                arguments(
                        "command-create-event.json",
                        new CreateEvent(CREATION, "concert-42", "Konzert im Park 🎶", date, "main", 100)),
                arguments("command-book.json", new Book(BOOKING, "concert-42", "alice", 2, OptionalLong.empty())),
                arguments("command-book-at-version.json", new Book(BOOKING, "42", "Zoë \"Z\"", 1, OptionalLong.of(56))),
                arguments(
                        "command-cancel.json",
                        new Cancel(CANCELLATION, "concert-42", BOOKING, Optional.empty(), OptionalLong.empty())),
                arguments(
                        "command-cancel-by-owner.json",
                        new Cancel(CANCELLATION, "concert-42", BOOKING, Optional.of("alice"), OptionalLong.of(57))),
                arguments(
                        "command-create-event-with-more.json",
                        new CreateEvent(CREATION, "concert-42", "Konzert im Park 🎶", date, "main", 100)),
                arguments(
                        "command-book-with-more.json",
                        new Book(BOOKING, "concert-42", "alice", 2, OptionalLong.empty())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void resultsRead(String file, Result expected) throws IOException {
        byte[] json = read(file);

        assertThat(PublishedSchema.RESULT.errors(json)).isEmpty();
        assertThat(new ResultDecoder().decode(json)).isEqualTo(expected);
        if (!file.endsWith(WITH_MORE)) {
            assertThat(new ResultEncoder().encode(expected)).asString(UTF_8).isEqualTo(new String(json, UTF_8));
        }
    }

    static Stream<Arguments> resultsRead() {
        Accepted booked = new Accepted(
                CommandType.BOOK,
                BOOKING,
                "concert-42",
                Optional.of(new Accepted.ChangedBooking(BOOKING, BookingStatus.CONFIRMED, "alice", 2)),
                SNAPSHOT,
                POSITION,
                DECIDED);
        return Stream.of(
                arguments("result-booked.json", booked),
                arguments("result-booked-with-more.json", booked),
                arguments(
                        "result-event-created.json",
                        new Accepted(
                                CommandType.CREATE_EVENT,
                                CREATION,
                                "concert-42",
                                Optional.empty(),
                                new EventSnapshot(1, 100, 0, 0),
                                POSITION,
                                Instant.parse("2026-11-22T10:15:30Z"))),
                arguments(
                        "result-cancelled.json",
                        new Accepted(
                                CommandType.CANCEL,
                                CANCELLATION,
                                "concert-42",
                                Optional.of(new Accepted.ChangedBooking(BOOKING, BookingStatus.CANCELLED, "alice", 2)),
                                SNAPSHOT,
                                POSITION,
                                DECIDED)),
                arguments(
                        "result-not-enough-seats.json",
                        new Rejected(
                                Optional.of(CommandType.BOOK),
                                BOOKING,
                                "concert-42",
                                Reason.NOT_ENOUGH_SEATS,
                                "1 of 100 seats is left, 2 were asked for",
                                Optional.empty(),
                                Optional.of("alice"),
                                OptionalInt.of(2),
                                Optional.of(SNAPSHOT),
                                POSITION,
                                DECIDED)),
                arguments(
                        "result-not-the-owner.json",
                        new Rejected(
                                Optional.of(CommandType.CANCEL),
                                CANCELLATION,
                                "concert-42",
                                Reason.NOT_THE_OWNER,
                                "the booking belongs to somebody else",
                                Optional.of(BOOKING),
                                Optional.of("bob"),
                                OptionalInt.empty(),
                                Optional.of(SNAPSHOT),
                                POSITION,
                                DECIDED)),
                arguments(
                        "result-invalid-command.json",
                        new Rejected(
                                Optional.empty(),
                                BOOKING,
                                "concert-42",
                                Reason.INVALID_COMMAND,
                                "type must be one of createEvent, book, cancel",
                                Optional.empty(),
                                Optional.empty(),
                                OptionalInt.empty(),
                                Optional.empty(),
                                POSITION,
                                DECIDED)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void availabilityReads(String file, Availability expected) throws IOException {
        byte[] json = read(file);

        assertThat(PublishedSchema.AVAILABILITY.errors(json)).isEmpty();
        assertThat(new AvailabilityCodec().decode(json)).isEqualTo(expected);
        if (!file.endsWith(WITH_MORE)) {
            assertThat(new AvailabilityCodec().encode(expected)).asString(UTF_8).isEqualTo(new String(json, UTF_8));
        }
    }

    static Stream<Arguments> availabilityReads() {
        Availability open = new Availability(
                "concert-42",
                "Konzert im Park 🎶",
                Instant.parse("2027-05-01T20:00:00Z"),
                "main",
                EventStatus.OPEN,
                SNAPSHOT,
                DECIDED);
        return Stream.of(
                arguments("availability-open.json", open),
                arguments("availability-open-with-more.json", open),
                arguments(
                        "availability-booked.json",
                        new Availability(
                                "42",
                                "Recital",
                                Instant.parse("2027-05-02T18:30:00.5Z"),
                                "hall",
                                EventStatus.CLOSED,
                                new EventSnapshot(2, 1, 1, 0),
                                DECIDED)));
    }

    @Test
    void everyFileIsRead() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.of(commandsRead(), resultsRead(), availabilityReads())
                            .flatMap(all -> all)
                            .map(arguments -> (String) arguments.get()[0])
                            .toList());
        }
    }

    private static byte[] read(String file) throws IOException {
        return Files.readString(FILES.resolve(file)).stripTrailing().getBytes(UTF_8);
    }
}
