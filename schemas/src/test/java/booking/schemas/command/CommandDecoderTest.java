package booking.schemas.command;

import static booking.schemas.command.CommandText.COMMAND_ID;
import static booking.schemas.command.CommandText.EVENT_ID;
import static booking.schemas.command.CommandText.book;
import static booking.schemas.command.CommandText.cancel;
import static booking.schemas.command.CommandText.createEvent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.command.Decoded.DeadLetter;
import booking.schemas.command.Decoded.Refused;
import booking.schemas.command.Decoded.Valid;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the decoder takes for a command, and how it reads its fields. */
class CommandDecoderTest {
    private final CommandDecoder decoder = new CommandDecoder();

    @Test
    void theSmallestCommandsGetTheDefaults() {
        assertThat(command(book().without("quantity")))
                .isEqualTo(new Book(UUID.fromString(COMMAND_ID), EVENT_ID, "alice", 1, OptionalLong.empty()));
        assertThat(command(createEvent().without("capacity")))
                .isEqualTo(new CreateEvent(
                        UUID.fromString(COMMAND_ID),
                        EVENT_ID,
                        "A concert",
                        Instant.parse("2027-05-01T20:00:00Z"),
                        "main",
                        1));
        assertThat(command(cancel()))
                .isEqualTo(new Cancel(
                        UUID.fromString(COMMAND_ID),
                        EVENT_ID,
                        UUID.fromString("01990f3c-7a52-7c11-8a5e-000000000001"),
                        Optional.empty(),
                        OptionalLong.empty()));
    }

    @Test
    void everyFieldIsRead() {
        assertThat(command(book().with("expectedVersion", "17")))
                .isEqualTo(new Book(UUID.fromString(COMMAND_ID), EVENT_ID, "alice", 2, OptionalLong.of(17)));
        assertThat(command(createEvent().with("venue", "\"the hall\"")))
                .isEqualTo(new CreateEvent(
                        UUID.fromString(COMMAND_ID),
                        EVENT_ID,
                        "A concert",
                        Instant.parse("2027-05-01T20:00:00Z"),
                        "the hall",
                        100));
        assertThat(command(cancel().with("userId", "\"alice\"").with("expectedVersion", "17")))
                .isEqualTo(new Cancel(
                        UUID.fromString(COMMAND_ID),
                        EVENT_ID,
                        UUID.fromString("01990f3c-7a52-7c11-8a5e-000000000001"),
                        Optional.of("alice"),
                        OptionalLong.of(17)));
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
                        "type must be one of createEvent, book, cancel"));
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
