package booking.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import booking.schemas.availability.Availability;
import booking.schemas.availability.AvailabilityCodec;
import booking.schemas.availability.EventStatus;
import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.CloseEvent;
import booking.schemas.command.Command;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.CommandEncoder;
import booking.schemas.command.CommandType;
import booking.schemas.command.Confirm;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.Decoded;
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
 * Messages as each version wrote them read as the same records for ever, and so does what a later version may add to
 * them. The files are never changed; a later version adds files of its own.
 */
class WireMessagesTest {
    private static final Path FILES = Path.of("src/test/resources/wire");

    /** With fields that version 0.1 did not know, and at values that 0.2, which does, has no use for. */
    private static final String TAKEN_SINCE = "0.1/command-create-event-with-more.json";

    private static final String WITH_MORE = "-with-more.json";

    private static final UUID CREATION = UUID.fromString("01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a");
    private static final UUID BOOKING = UUID.fromString("01990f3d-11d0-7b5e-9c0d-5a1b2c3d4e5f");
    private static final UUID CANCELLATION = UUID.fromString("01990f3e-20aa-7d0f-8b1c-6f7e8d9c0b1a");
    private static final UUID UPDATE = UUID.fromString("01990f41-5e66-7a4c-9f20-3b4c5d6e7f80");
    private static final UUID CLOSURE = UUID.fromString("01990f42-6f77-7b5d-8a31-4c5d6e7f8091");
    private static final UUID CONFIRMATION = UUID.fromString("01990f45-92aa-7e80-9d64-7f8091a2b3c4");
    private static final UUID EXPIRY = UUID.fromString("01990f46-a3bb-7f91-8e75-8091a2b3c4d5");
    private static final UUID ENTRY = UUID.fromString("01990f47-b4cc-70a2-8f86-91a2b3c4d5e6");
    private static final UUID LEAVING = UUID.fromString("01990f48-c5dd-71b3-9097-a2b3c4d5e6f7");
    private static final Instant OPEN = Instant.parse("2027-03-01T09:00:00Z");
    private static final Instant CLOSE = Instant.parse("2027-05-01T18:00:00.000001Z");
    private static final UpdateEvent MORE_SEATS = new UpdateEvent(
            UPDATE,
            "concert-42",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.of(120),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty());
    private static final Hold HOLD =
            new Hold(BOOKING, "concert-42", "carol", 2, 600, Optional.empty(), OptionalLong.empty());
    private static final EventSnapshot SNAPSHOT = new EventSnapshot(57, 100, 97, 2);
    private static final Position POSITION = new Position(3, 5120);
    private static final Instant DECIDED = Instant.parse("2026-11-22T10:15:30.123Z");
    private static final Accepted HELD = changed(
            CommandType.HOLD, BOOKING, BookingStatus.HELD, Optional.of(Instant.parse("2026-11-22T10:25:30.123Z")));
    private static final Accepted WAITS = placed(CommandType.JOIN_WAITLIST, ENTRY, OptionalInt.of(7));

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
                arguments("0.1/command-create-event.json", concert(date)),
                arguments("0.1/command-book.json", new Book(BOOKING, "concert-42", "alice", 2, OptionalLong.empty())),
                arguments(
                        "0.1/command-book-at-version.json",
                        new Book(BOOKING, "42", "Zoë \"Z\"", 1, OptionalLong.of(56))),
                arguments(
                        "0.1/command-cancel.json",
                        new Cancel(CANCELLATION, "concert-42", BOOKING, Optional.empty(), OptionalLong.empty())),
                arguments(
                        "0.1/command-cancel-by-owner.json",
                        new Cancel(CANCELLATION, "concert-42", BOOKING, Optional.of("alice"), OptionalLong.of(57))),
                arguments(
                        "0.1/command-book-with-more.json",
                        new Book(BOOKING, "concert-42", "alice", 2, OptionalLong.empty())),
                arguments("0.2/command-create-event-on-sale.json", onSale(date)),
                arguments("0.2/command-create-event-with-more.json", onSale(date)),
                arguments("0.2/command-update-event.json", MORE_SEATS),
                arguments(
                        "0.2/command-update-event-all.json",
                        new UpdateEvent(
                                UPDATE,
                                "concert-42",
                                Optional.of("Konzert im Saal 🎶"),
                                Optional.of(date),
                                Optional.of("hall"),
                                OptionalInt.of(120),
                                OptionalInt.of(4),
                                Optional.of(OPEN),
                                Optional.of(CLOSE),
                                OptionalLong.of(57))),
                arguments("0.2/command-update-event-with-more.json", MORE_SEATS),
                arguments("0.2/command-close-event.json", new CloseEvent(CLOSURE, "concert-42", OptionalLong.empty())),
                arguments(
                        "0.2/command-close-event-at-version.json",
                        new CloseEvent(CLOSURE, "concert-42", OptionalLong.of(58))),
                arguments("0.2/command-hold.json", HOLD),
                arguments("0.2/command-hold-with-more.json", HOLD),
                arguments(
                        "0.2/command-hold-for-waitlist.json",
                        new Hold(BOOKING, "concert-42", "dave", 1, 86400, Optional.of(ENTRY), OptionalLong.of(57))),
                arguments(
                        "0.2/command-confirm.json",
                        new Confirm(CONFIRMATION, "concert-42", BOOKING, OptionalLong.empty())),
                arguments(
                        "0.2/command-confirm-with-more.json",
                        new Confirm(CONFIRMATION, "concert-42", BOOKING, OptionalLong.empty())),
                arguments(
                        "0.2/command-expire-hold.json",
                        new ExpireHold(EXPIRY, "concert-42", BOOKING, OptionalLong.empty())),
                arguments(
                        "0.2/command-join-waitlist.json",
                        new JoinWaitlist(ENTRY, "concert-42", "عائشة", 2, OptionalLong.empty())),
                arguments(
                        "0.2/command-join-waitlist-with-more.json",
                        new JoinWaitlist(ENTRY, "concert-42", "عائشة", 1, OptionalLong.empty())),
                arguments(
                        "0.2/command-leave-waitlist.json",
                        new LeaveWaitlist(LEAVING, "concert-42", "عائشة", 1, OptionalLong.empty())));
    }

    /** What no version knows stays free; a field that one has taken is read as that version says. */
    @Test
    void aFieldThatALaterVersionTookIsFreeNoLonger() throws IOException {
        assertThat(new CommandDecoder().decode("concert-42".getBytes(UTF_8), read(TAKEN_SINCE)))
                .isInstanceOfSatisfying(
                        Decoded.Refused.class,
                        refused -> assertThat(refused.detail()).startsWith("perUserLimit"));
    }

    private static CreateEvent concert(Instant date) {
        return new CreateEvent(
                CREATION,
                "concert-42",
                "Konzert im Park 🎶",
                date,
                "main",
                100,
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static CreateEvent onSale(Instant date) {
        return new CreateEvent(
                CREATION,
                "concert-42",
                "Konzert im Park 🎶",
                date,
                "main",
                100,
                OptionalInt.of(4),
                Optional.of(OPEN),
                Optional.of(CLOSE));
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
                Optional.of(new ChangedBooking(BOOKING, BookingStatus.CONFIRMED, "alice", 2, Optional.empty())),
                Optional.empty(),
                SNAPSHOT,
                POSITION,
                DECIDED);
        return Stream.of(
                arguments("0.1/result-booked.json", booked),
                arguments("0.1/result-booked-with-more.json", booked),
                arguments(
                        "0.1/result-event-created.json",
                        new Accepted(
                                CommandType.CREATE_EVENT,
                                CREATION,
                                "concert-42",
                                Optional.empty(),
                                Optional.empty(),
                                new EventSnapshot(1, 100, 0, 0),
                                POSITION,
                                Instant.parse("2026-11-22T10:15:30Z"))),
                arguments(
                        "0.1/result-cancelled.json",
                        new Accepted(
                                CommandType.CANCEL,
                                CANCELLATION,
                                "concert-42",
                                Optional.of(new ChangedBooking(
                                        BOOKING, BookingStatus.CANCELLED, "alice", 2, Optional.empty())),
                                Optional.empty(),
                                SNAPSHOT,
                                POSITION,
                                DECIDED)),
                arguments(
                        "0.1/result-not-enough-seats.json",
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
                        "0.1/result-not-the-owner.json",
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
                        "0.1/result-invalid-command.json",
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
                                DECIDED)),
                arguments("0.2/result-event-updated.json", aboutTheEvent(CommandType.UPDATE_EVENT, UPDATE)),
                arguments("0.2/result-event-closed.json", aboutTheEvent(CommandType.CLOSE_EVENT, CLOSURE)),
                arguments("0.2/result-held.json", HELD),
                arguments("0.2/result-held-with-more.json", HELD),
                arguments(
                        "0.2/result-confirmed.json",
                        changed(CommandType.CONFIRM, CONFIRMATION, BookingStatus.CONFIRMED, Optional.empty())),
                arguments(
                        "0.2/result-expired.json",
                        changed(CommandType.EXPIRE_HOLD, EXPIRY, BookingStatus.EXPIRED, Optional.empty())),
                arguments("0.2/result-waitlist-joined.json", WAITS),
                arguments("0.2/result-waitlist-joined-with-more.json", WAITS),
                arguments(
                        "0.2/result-waitlist-left.json",
                        placed(CommandType.LEAVE_WAITLIST, LEAVING, OptionalInt.empty())),
                arguments(
                        "0.2/result-hold-not-expired.json",
                        new Rejected(
                                Optional.of(CommandType.EXPIRE_HOLD),
                                EXPIRY,
                                "concert-42",
                                Reason.HOLD_NOT_EXPIRED,
                                "the hold is kept until 2026-11-22T10:25:30.123Z",
                                Optional.of(BOOKING),
                                Optional.of("carol"),
                                OptionalInt.of(2),
                                Optional.of(SNAPSHOT),
                                POSITION,
                                DECIDED)),
                arguments(
                        "0.2/result-seats-available.json",
                        new Rejected(
                                Optional.of(CommandType.JOIN_WAITLIST),
                                ENTRY,
                                "concert-42",
                                Reason.SEATS_AVAILABLE,
                                "1 of 100 seats is left",
                                Optional.empty(),
                                Optional.of("عائشة"),
                                OptionalInt.of(1),
                                Optional.of(SNAPSHOT),
                                POSITION,
                                DECIDED)));
    }

    private static Accepted aboutTheEvent(CommandType type, UUID commandId) {
        return new Accepted(
                type, commandId, "concert-42", Optional.empty(), Optional.empty(), SNAPSHOT, POSITION, DECIDED);
    }

    private static Accepted changed(
            CommandType type, UUID commandId, BookingStatus status, Optional<Instant> holdExpiresAt) {
        return new Accepted(
                type,
                commandId,
                "concert-42",
                Optional.of(new ChangedBooking(BOOKING, status, "carol", 2, holdExpiresAt)),
                Optional.empty(),
                SNAPSHOT,
                POSITION,
                DECIDED);
    }

    private static Accepted placed(CommandType type, UUID commandId, OptionalInt waitlistPosition) {
        return new Accepted(
                type,
                commandId,
                "concert-42",
                Optional.empty(),
                Optional.of(new WaitlistPlace("عائشة", 2, waitlistPosition)),
                SNAPSHOT,
                POSITION,
                DECIDED);
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
                arguments("0.1/availability-open.json", open),
                arguments("0.1/availability-open-with-more.json", open),
                arguments(
                        "0.1/availability-booked.json",
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
        try (Stream<Path> files = Files.walk(FILES)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> FILES.relativize(file).toString().replace('\\', '/')))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    Stream.of(TAKEN_SINCE),
                                    Stream.of(commandsRead(), resultsRead(), availabilityReads())
                                            .flatMap(all -> all)
                                            .map(arguments -> (String) arguments.get()[0]))
                            .toList());
        }
    }

    private static byte[] read(String file) throws IOException {
        return Files.readString(FILES.resolve(file)).stripTrailing().getBytes(UTF_8);
    }
}
