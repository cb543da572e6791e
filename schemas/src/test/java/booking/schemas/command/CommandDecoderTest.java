package booking.schemas.command;

import static booking.schemas.command.CommandText.COMMAND_ID;
import static booking.schemas.command.CommandText.EVENT_ID;
import static booking.schemas.command.CommandText.book;
import static booking.schemas.command.CommandText.cancel;
import static booking.schemas.command.CommandText.closeEvent;
import static booking.schemas.command.CommandText.confirm;
import static booking.schemas.command.CommandText.createEvent;
import static booking.schemas.command.CommandText.expireHold;
import static booking.schemas.command.CommandText.hold;
import static booking.schemas.command.CommandText.joinWaitlist;
import static booking.schemas.command.CommandText.leaveWaitlist;
import static booking.schemas.command.CommandText.updateEvent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import booking.schemas.command.Decoded.DeadLetter;
import booking.schemas.command.Decoded.Refused;
import booking.schemas.command.Decoded.Valid;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decoder takes for a command, and how it reads its fields. */
class CommandDecoderTest {
    private static final UUID ID = UUID.fromString(COMMAND_ID);
    private static final UUID BOOKING_ID = UUID.fromString("01990f3c-7a52-7c11-8a5e-000000000001");
    private static final Instant DATE = Instant.parse("2027-05-01T20:00:00Z");
    private static final OptionalLong ANY_VERSION = OptionalLong.empty();
    private static final OptionalLong VERSION_17 = OptionalLong.of(17);

    private final CommandDecoder decoder = new CommandDecoder();

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void theSmallestCommandsGetTheDefaults(CommandText text, Command command) {
        assertThat(command(text)).isEqualTo(command);
    }

    static Stream<Arguments> theSmallestCommandsGetTheDefaults() {
        return Stream.of(
                arguments(
                        createEvent().without("capacity"),
                        new CreateEvent(
                                ID,
                                EVENT_ID,
                                "A concert",
                                DATE,
                                "main",
                                1,
                                OptionalInt.empty(),
                                Optional.empty(),
                                Optional.empty())),
                arguments(
                        updateEvent(),
                        new UpdateEvent(
                                ID,
                                EVENT_ID,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                OptionalInt.of(120),
                                OptionalInt.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                ANY_VERSION)),
                arguments(closeEvent(), new CloseEvent(ID, EVENT_ID, ANY_VERSION)),
                arguments(book().without("quantity"), new Book(ID, EVENT_ID, "alice", 1, ANY_VERSION)),
                arguments(
                        hold().without("quantity"),
                        new Hold(ID, EVENT_ID, "alice", 1, 600, Optional.empty(), ANY_VERSION)),
                arguments(confirm(), new Confirm(ID, EVENT_ID, BOOKING_ID, ANY_VERSION)),
                arguments(cancel(), new Cancel(ID, EVENT_ID, BOOKING_ID, Optional.empty(), ANY_VERSION)),
                arguments(expireHold(), new ExpireHold(ID, EVENT_ID, BOOKING_ID, ANY_VERSION)),
                arguments(joinWaitlist().without("quantity"), new JoinWaitlist(ID, EVENT_ID, "alice", 1, ANY_VERSION)),
                arguments(leaveWaitlist(), new LeaveWaitlist(ID, EVENT_ID, "alice", 1, ANY_VERSION)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void everyFieldIsRead(CommandText text, Command command) {
        assertThat(command(text.with("expectedVersion", "17"))).isEqualTo(command);
    }

    static Stream<Arguments> everyFieldIsRead() {
        CommandText sale = createEvent()
                .with("venue", "\"the hall\"")
                .with("perUserLimit", "4")
                .with("salesOpenAt", "\"2027-03-01T10:00:00+01:00\"")
                .with("salesCloseAt", "\"2027-05-01T18:00:00.0000019Z\"");
        Instant open = Instant.parse("2027-03-01T09:00:00Z");
        Instant close = Instant.parse("2027-05-01T18:00:00.000001Z");
        return Stream.of(
                arguments(
                        sale,
                        new CreateEvent(
                                ID,
                                EVENT_ID,
                                "A concert",
                                DATE,
                                "the hall",
                                100,
                                OptionalInt.of(4),
                                Optional.of(open),
                                Optional.of(close))),
                arguments(
                        sale.with("type", "\"updateEvent\""),
                        new UpdateEvent(
                                ID,
                                EVENT_ID,
                                Optional.of("A concert"),
                                Optional.of(DATE),
                                Optional.of("the hall"),
                                OptionalInt.of(100),
                                OptionalInt.of(4),
                                Optional.of(open),
                                Optional.of(close),
                                VERSION_17)),
                arguments(closeEvent(), new CloseEvent(ID, EVENT_ID, VERSION_17)),
                arguments(book(), new Book(ID, EVENT_ID, "alice", 2, VERSION_17)),
                arguments(
                        hold().with("waitlistId", "\"01990F3C-7A52-7C11-8A5E-000000000001\""),
                        new Hold(ID, EVENT_ID, "alice", 2, 600, Optional.of(BOOKING_ID), VERSION_17)),
                arguments(confirm(), new Confirm(ID, EVENT_ID, BOOKING_ID, VERSION_17)),
                arguments(
                        cancel().with("userId", "\"alice\""),
                        new Cancel(ID, EVENT_ID, BOOKING_ID, Optional.of("alice"), VERSION_17)),
                arguments(expireHold(), new ExpireHold(ID, EVENT_ID, BOOKING_ID, VERSION_17)),
                arguments(joinWaitlist(), new JoinWaitlist(ID, EVENT_ID, "alice", 2, VERSION_17)),
                arguments(
                        leaveWaitlist().with("quantity", "2"),
                        new LeaveWaitlist(ID, EVENT_ID, "alice", 2, VERSION_17)));
    }

    @ParameterizedTest
    @CsvSource({"name, A concert", "date, 2027-05-01T20:00:00Z", "venue, main", "salesOpenAt, 2027-03-01T09:00:00Z"})
    void anUpdateOfOneThingIsEnough(String field, String value) {
        assertThat(command(updateEvent().without("capacity").with(field, '"' + value + '"')))
                .isInstanceOf(UpdateEvent.class);
    }

    @Test
    void anUpdateOfNothingIsToldWhatItCouldGive() {
        assertThat(decode(updateEvent().without("capacity").toString()))
                .isEqualTo(new Refused(
                        ID,
                        EVENT_ID,
                        Optional.of(CommandType.UPDATE_EVENT),
                        "updateEvent must give at least one of name, date, venue, capacity, perUserLimit, salesOpenAt,"
                                + " salesCloseAt"));
    }

    @ParameterizedTest
    @CsvSource({"2", "2.0", "2e0", "20e-1", "0.2e1", "2.000000000000000000000000000000", "2e00000000000000000000000"})
    void aWholeNumberMayBeWrittenInAnyWay(String number) {
        assertThat(command(book().with("quantity", number)))
                .extracting("quantity")
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "9223372036854775807.0", "9.223372036854775807e18"})
    void anExpectedVersionMayBeAsLargeAsAVersion(String number) {
        assertThat(command(book().with("expectedVersion", number)))
                .extracting("expectedVersion")
                .isEqualTo(OptionalLong.of(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @CsvSource({
        "2027-05-01T20:00:00Z, 2027-05-01T20:00:00Z",
        "2027-05-01t20:00:00z, 2027-05-01T20:00:00Z",
        "2027-05-01 20:00:00Z, 2027-05-01T20:00:00Z",
        "2027-05-01T20:00:00+02:00, 2027-05-01T18:00:00Z",
        "2027-05-01T20:00:00-00:00, 2027-05-01T20:00:00Z",
        "2027-05-01T20:00:00+18:00, 2027-05-01T02:00:00Z",
        "2028-02-29T20:00:00.5Z, 2028-02-29T20:00:00.500Z",
        "2027-05-01T20:00:00.123456789Z, 2027-05-01T20:00:00.123456Z",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999Z",
    })
    void datesAreReadAsRfc3339WritesThemAndKeptToTheMicrosecond(String text, Instant date) {
        assertThat(command(createEvent().with("date", '"' + text + '"')))
                .extracting("date")
                .isEqualTo(date);
    }

    @Test
    void aUuidMayBeInCapitals() {
        assertThat(command(book().with("commandId", '"' + COMMAND_ID.toUpperCase(java.util.Locale.ROOT) + '"'))
                        .commandId())
                .isEqualTo(UUID.fromString(COMMAND_ID));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Ünïcødé 漢字 😀\"", "\"\\u00dcn\\u00efc\\u00f8d\\u00e9 漢字 \\ud83d\\ude00\""})
    void textMayBeInAnyScriptAndEscaped(String json) {
        assertThat(command(book().with("userId", json))).extracting("userId").isEqualTo("Ünïcødé 漢字 😀");
    }

    @Test
    void lengthIsCountedInCharactersWhateverTheirBytes() {
        String user = "😀".repeat(128);

        assertThat(command(book().with("userId", '"' + user + '"')))
                .extracting("userId")
                .isEqualTo(user);
    }

    @Test
    void aByteOrderMarkAndSpaceAroundTheObjectAreNoPartOfIt() {
        assertThat(decode("\uFEFF \r\n\t" + book() + "\n ")).isEqualTo(decode(book().toString()));
    }

    @Test
    void aRecordOfAMebibyteIsRead() {
        String book = book().toString();

        assertThat(decode(book + " ".repeat(1024 * 1024 - book.length()))).isEqualTo(decode(book));
    }

    @Test
    void unknownFieldsAreIgnored() {
        CommandText more = book().with("seat", "{\"row\":[1,null,true,\"\\ud83d\",1e9999999999]}")
                .with("commandid", "7")
                .with("", "{}")
                .with("bookingId", "\"of another type\"");

        assertThat(decode(more.toString())).isEqualTo(decode(book().toString()));
    }

    @Test
    void theSenderOfARefusedCommandIsToldItsTypeWhereItIsKnown() {
        assertThat(decode(book().with("quantity", "0").toString()))
                .isEqualTo(new Refused(
                        UUID.fromString(COMMAND_ID),
                        EVENT_ID,
                        Optional.of(CommandType.BOOK),
                        "quantity must be at least 1, was 0"));
        assertThat(decode(book().with("type", "\"steal\"").toString()))
                .isEqualTo(new Refused(
                        UUID.fromString(COMMAND_ID),
                        EVENT_ID,
                        Optional.empty(),
                        "type must be one of createEvent, updateEvent, closeEvent, book, hold, confirm, cancel,"
                                + " expireHold, joinWaitlist, leaveWaitlist"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"userId\":alice}| unreadable JSON at character 10: Unrecognized token: was expecting (JSON String, Number, "
                        + "Array, Object or token 'null', 'true' or 'false')",
                "{\"userId\":| unreadable JSON at character 10: Unexpected end-of-input within/between Object entries",
                "{| unreadable JSON at character 1: Unexpected end-of-input: expected close marker for Object",
                "{\"quantity\":+1}| unreadable JSON at character 13: Unexpected character ('+' (code 43)) in numeric value: JSON "
                        + "spec does not allow numbers to have plus signs",
                "{\"a\":1,\"a\":2}| unreadable JSON at character 10: Duplicate Object property \"a\"",
                "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[| unreadable JSON: Document nesting "
                        + "depth (65) exceeds the maximum allowed (64)",
                "{} {}| unreadable JSON at character 3: there is more after the end of the value",
            })
    void aDeadLetterSaysWhereItStopsBeingJsonAndNoMoreOfItsContentThanThat(String json, String detail) {
        assertThat(decode(json)).isEqualTo(new DeadLetter(Decoded.Cause.NOT_JSON, detail));
    }

    private Command command(CommandText text) {
        Decoded decoded = decode(text.toString());
        assertThat(decoded).isInstanceOf(Valid.class);
        return ((Valid) decoded).command();
    }

    private Decoded decode(String value) {
        return decoder.decode(EVENT_ID.getBytes(UTF_8), value.getBytes(UTF_8));
    }
}
