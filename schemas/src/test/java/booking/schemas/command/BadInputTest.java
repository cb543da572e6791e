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
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import booking.schemas.command.Decoded.Cause;
import booking.schemas.command.Decoded.DeadLetter;
import booking.schemas.command.Decoded.Refused;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** All that can be wrong with one record of the commands, and what it gets: an answer if anybody can be answered. */
class BadInputTest {
    private static final byte[] KEY = EVENT_ID.getBytes(UTF_8);

    private final CommandDecoder decoder = new CommandDecoder();

    @ParameterizedTest(name = "{0}")
    @MethodSource("unanswerable")
    void whatCannotBeAnsweredIsADeadLetterWithItsCause(String what, byte @Nullable [] value, Cause cause) {
        byte @Nullable [] before = value == null ? null : value.clone();

        Decoded decoded = decoder.decode(KEY, value);

        assertThat(decoded).isInstanceOfSatisfying(DeadLetter.class, letter -> {
            assertThat(letter.cause()).isEqualTo(cause);
            assertThat(letter.detail())
                    .isNotBlank()
                    .hasSizeLessThanOrEqualTo(300)
                    .matches("\\P{Cntrl}+");
        });
        assertThat(value).as("the record's bytes").isEqualTo(before);
    }

    static Stream<Arguments> unanswerable() {
        String book = book().toString();
        return Stream.of(
                arguments("null value", null, Cause.EMPTY_VALUE),
                arguments("empty value", bytes(), Cause.EMPTY_VALUE),
                arguments("whitespace", utf8(" \r\n\t "), Cause.EMPTY_VALUE),
                arguments("a byte order mark alone", bytes(0xEF, 0xBB, 0xBF), Cause.EMPTY_VALUE),
                arguments("more than 1 MiB", utf8(book + " ".repeat(1024 * 1024)), Cause.TOO_LARGE),
                arguments("a byte that UTF-8 never has", bytes('{', 0xFF, '}'), Cause.NOT_UTF_8),
                arguments("a cut UTF-8 sequence", inUser(0xE2, 0x82), Cause.NOT_UTF_8),
                arguments("overlong UTF-8", inUser(0xC0, 0xAF), Cause.NOT_UTF_8),
                arguments("overlong NUL", inUser(0xC0, 0x80), Cause.NOT_UTF_8),
                arguments("a surrogate in UTF-8", inUser(0xED, 0xA0, 0x80), Cause.NOT_UTF_8),
                arguments("beyond the last character", inUser(0xF4, 0x90, 0x80, 0x80), Cause.NOT_UTF_8),
                arguments("Latin-1", inUser(0xE9), Cause.NOT_UTF_8),
                arguments("UTF-16 with its mark", withMark(book.getBytes(UTF_16BE)), Cause.NOT_UTF_8),
                arguments("UTF-16, big end first", book.getBytes(UTF_16BE), Cause.NOT_JSON),
                arguments("UTF-16, little end first", book.getBytes(UTF_16LE), Cause.NOT_JSON),
                arguments("UTF-32", book.getBytes(Charset.forName("UTF-32BE")), Cause.NOT_JSON),
                arguments("a NUL byte in text", inUser(0), Cause.NOT_JSON),
                arguments("a line break in text", inUser('\n'), Cause.NOT_JSON),
                arguments("truncated JSON", utf8(book.substring(0, book.length() - 1)), Cause.NOT_JSON),
                arguments("truncated in a text", utf8(book.substring(0, 60)), Cause.NOT_JSON),
                arguments("truncated in a name", utf8("{\"typ"), Cause.NOT_JSON),
                arguments("truncated after a name", utf8("{\"type\":"), Cause.NOT_JSON),
                arguments("JSON with more after it", utf8(book + "{}"), Cause.NOT_JSON),
                arguments("JSON with garbage after it", utf8(book + "x"), Cause.NOT_JSON),
                arguments("two commands", utf8(book + "\n" + book), Cause.NOT_JSON),
                arguments("a comment", utf8("/* */" + book), Cause.NOT_JSON),
                arguments("single quotes", utf8("{'type':'book'}"), Cause.NOT_JSON),
                arguments("a comma too many", utf8(book.replace("}", ",}")), Cause.NOT_JSON),
                arguments("plain text", utf8("alice wants two seats"), Cause.NOT_JSON),
                arguments("a NaN", value("quantity", "NaN"), Cause.NOT_JSON),
                arguments("a number with a leading zero", value("quantity", "01"), Cause.NOT_JSON),
                arguments("JSON null", utf8("null"), Cause.NOT_AN_OBJECT),
                arguments("JSON true", utf8("true"), Cause.NOT_AN_OBJECT),
                arguments("JSON number", utf8("42"), Cause.NOT_AN_OBJECT),
                arguments("JSON text", utf8("\"book\""), Cause.NOT_AN_OBJECT),
                arguments("JSON array", utf8("[" + book + "]"), Cause.NOT_AN_OBJECT),
                arguments("depth 1,000", value("x", nested(1_000)), Cause.NOT_JSON),
                arguments("nothing but depth", utf8("[".repeat(1_000_000)), Cause.NOT_JSON),
                arguments("a number of a million digits", value("quantity", "9".repeat(1_000_000)), Cause.NOT_JSON),
                arguments("the same in an unknown field", value("x", "9".repeat(1_000_000)), Cause.NOT_JSON),
                arguments("a fraction of a million digits", value("x", "0." + "9".repeat(1_000_000)), Cause.NOT_JSON),
                arguments("an exponent of a million digits", value("x", "1e" + "9".repeat(1_000_000)), Cause.NOT_JSON),
                arguments("duplicate keys", utf8(book.replace("}", ",\"quantity\":3}")), Cause.NOT_JSON),
                arguments("duplicate keys, equal values", utf8(book.replace("}", ",\"quantity\":2}")), Cause.NOT_JSON),
                arguments("duplicate by escape", utf8(book.replace("}", ",\"user\\u0049d\":\"b\"}")), Cause.NOT_JSON),
                arguments("duplicate unknown keys", utf8(book.replace("}", ",\"x\":1,\"x\":1}")), Cause.NOT_JSON),
                arguments("duplicate keys further in", value("x", "[{\"a\":1,\"a\":1}]"), Cause.NOT_JSON),
                arguments(
                        "duplicate hostile keys",
                        value("x", "{\"\\n\\u001b[2J\":1,\"\\n\\u001b[2J\":1}"),
                        Cause.NOT_JSON),
                arguments("an empty object", utf8("{}"), Cause.NO_COMMAND_ID),
                arguments("no commandId", book().without("commandId").bytes(), Cause.NO_COMMAND_ID),
                arguments("commandId null", value("commandId", "null"), Cause.NO_COMMAND_ID),
                arguments("commandId a number", value("commandId", "7"), Cause.NO_COMMAND_ID),
                arguments("commandId no UUID", value("commandId", "\"7\""), Cause.NO_COMMAND_ID),
                arguments("commandId in short form", value("commandId", "\"1-1-1-1-1\""), Cause.NO_COMMAND_ID),
                arguments(
                        "commandId with a dash out of place",
                        value("commandId", "\"01990f3c7-a52-7c11-8a5e-3f4c2b1d0e9a\""),
                        Cause.NO_COMMAND_ID),
                arguments(
                        "commandId with a sign",
                        value("commandId", "\"+1990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a\""),
                        Cause.NO_COMMAND_ID),
                arguments(
                        "commandId with digits of another script",
                        value("commandId", "\"\uFF101990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a\""),
                        Cause.NO_COMMAND_ID),
                arguments("commandId in braces", value("commandId", "\"{" + COMMAND_ID + "}\""), Cause.NO_COMMAND_ID),
                arguments("no eventId", book().without("eventId").bytes(), Cause.NO_EVENT_ID),
                arguments("eventId null", value("eventId", "null"), Cause.NO_EVENT_ID),
                arguments("eventId a number", value("eventId", "42"), Cause.NO_EVENT_ID),
                arguments("eventId empty", value("eventId", "\"\""), Cause.NO_EVENT_ID),
                arguments("eventId of 129", value("eventId", '"' + "e".repeat(129) + '"'), Cause.NO_EVENT_ID),
                arguments("eventId with a slash", value("eventId", "\"a/b\""), Cause.NO_EVENT_ID),
                arguments("eventId with a line break", value("eventId", "\"concert-42\\n\""), Cause.NO_EVENT_ID),
                arguments("eventId with a lone surrogate", value("eventId", "\"\\ud83d\""), Cause.NO_EVENT_ID));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answerable")
    void whatCanBeAnsweredIsRefusedWithADetailThatNamesTheField(
            String what, byte @Nullable [] key, CommandText command, String field) {
        Decoded decoded = decoder.decode(key, command.bytes());

        assertThat(decoded).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.commandId()).isEqualTo(UUID.fromString(COMMAND_ID));
            assertThat(refused.eventId()).isEqualTo(EVENT_ID);
            assertThat(refused.detail()).contains(field).hasSizeLessThanOrEqualTo(300);
        });
    }

    static Stream<Arguments> answerable() {
        CommandText book = book();
        CommandText cancel = cancel();
        CommandText createEvent = createEvent();
        CommandText updateEvent = updateEvent();
        CommandText closeEvent = closeEvent();
        CommandText hold = hold();
        CommandText confirm = confirm();
        CommandText expireHold = expireHold();
        CommandText joinWaitlist = joinWaitlist();
        CommandText leaveWaitlist = leaveWaitlist();
        return Stream.of(
                arguments("null key", null, book, "eventId"),
                arguments("empty key", bytes(), book, "eventId"),
                arguments("key of another event", utf8("concert-43"), book, "eventId"),
                arguments("key with more", utf8("concert-42 "), book, "eventId"),
                arguments("key in JSON", utf8("\"concert-42\""), book, "eventId"),
                arguments("key that is not UTF-8", bytes(0xFF), book, "eventId"),
                missing(book, "type"),
                illValued(book, "type", "\"steal\""),
                illValued(book, "type", "\"Book\""),
                illValued(book, "type", "\"\""),
                illValued(book, "type", "null"),
                illValued(book, "type", "1"),
                illValued(book, "quantity", "0"),
                illValued(book, "quantity", "-1"),
                illValued(book, "quantity", "1.5"),
                illValued(book, "quantity", "2147483648"),
                illValued(book, "quantity", "-2147483649"),
                illValued(book, "quantity", "9223372036854775808"),
                illValued(book, "quantity", "9".repeat(1_000)),
                illValued(book, "quantity", "1e400"),
                illValued(book, "quantity", "1e-400"),
                illValued(book, "quantity", "1e999999999"),
                illValued(book, "quantity", "1e2147483647"),
                illValued(book, "quantity", "100e2147483647"),
                illValued(book, "quantity", "1e-2147483648"),
                illValued(book, "quantity", "1e9999999999"),
                illValued(book, "quantity", "0e9999999999"),
                illValued(book, "quantity", "-1e-9999999999"),
                illValued(book, "quantity", "1e" + "9".repeat(900)),
                illValued(book, "quantity", "\"3\""),
                illValued(book, "quantity", "null"),
                illValued(book, "quantity", "true"),
                illValued(book, "quantity", "[2]"),
                illValued(book, "quantity", "{\"value\":2}"),
                illValued(createEvent, "capacity", "0"),
                illValued(createEvent, "capacity", "2147483648"),
                illValued(createEvent, "capacity", "\"100\""),
                illValued(book, "expectedVersion", "0"),
                illValued(book, "expectedVersion", "1.5"),
                illValued(book, "expectedVersion", "9223372036854775808"),
                illValued(book, "expectedVersion", "\"1\""),
                illValued(cancel, "expectedVersion", "-1"),
                illValued(createEvent, "expectedVersion", "0"),
                illValued(createEvent, "expectedVersion", "\"1\""),
                illValued(updateEvent, "expectedVersion", "0"),
                illValued(closeEvent, "expectedVersion", "0"),
                illValued(hold, "expectedVersion", "0"),
                illValued(confirm, "expectedVersion", "0"),
                illValued(expireHold, "expectedVersion", "0"),
                illValued(joinWaitlist, "expectedVersion", "0"),
                illValued(leaveWaitlist, "expectedVersion", "0"),
                missing(book, "userId"),
                illValued(book, "userId", "null"),
                illValued(book, "userId", "7"),
                illValued(book, "userId", "\"\""),
                illValued(book, "userId", "\"al\\u0000ice\""),
                illValued(book, "userId", "\"al\\ud83dice\""),
                illValued(book, "userId", "\"al\\ude00ice\""),
                illValued(book, "userId", "\"\\ude00\\ud83d\""),
                illValued(book, "userId", '"' + "a".repeat(129) + '"'),
                illValued(book, "userId", '"' + "a".repeat(2_000) + '"'),
                missing(createEvent, "name"),
                illValued(createEvent, "name", "\"\""),
                illValued(createEvent, "name", '"' + "n".repeat(256) + '"'),
                illValued(createEvent, "name", "[\"n\"]"),
                illValued(createEvent, "venue", "\"\""),
                illValued(createEvent, "venue", "null"),
                illValued(createEvent, "venue", "\"\\u0000\""),
                illValued(createEvent, "venue", '"' + "v".repeat(256) + '"'),
                missing(createEvent, "date"),
                illValued(createEvent, "date", "1777665600"),
                illValued(createEvent, "date", "\"\""),
                illValued(createEvent, "date", "\"tomorrow\""),
                illValued(createEvent, "date", "\"2027-05-01\""),
                illValued(createEvent, "date", "\"2027-05-01T20:00:00\""),
                illValued(createEvent, "date", "\"2027-05-01T20:00Z\""),
                illValued(createEvent, "date", "\"2027-02-29T20:00:00Z\""),
                illValued(createEvent, "date", "\"2027-13-01T20:00:00Z\""),
                illValued(createEvent, "date", "\"2027-05-01T24:00:00Z\""),
                illValued(createEvent, "date", "\"2016-12-31T23:59:60Z\""),
                illValued(createEvent, "date", "\"2027-05-01T20:00:00+0100\""),
                illValued(createEvent, "date", "\"2027-05-01T20:00:00.Z\""),
                illValued(createEvent, "date", "\"2027-05-01T20:00:00.1234567890Z\""),
                illValued(createEvent, "date", "\"2027-05-01T20:00:00Z \""),
                illValued(createEvent, "date", "\"0000-12-31T23:59:59Z\""),
                illValued(createEvent, "date", "\"9999-12-31T23:59:59-00:01\""),
                illValued(createEvent, "date", "\"+10000-01-01T00:00:00Z\""),
                missing(cancel, "bookingId"),
                illValued(cancel, "bookingId", "\"7\""),
                illValued(cancel, "bookingId", "null"),
                illValued(cancel, "bookingId", "\"01990f3c7-a52-7c11-8a5e-3f4c2b1d0e9a\""),
                illValued(cancel, "userId", "\"\""),
                illValued(cancel, "userId", "null"),
                arguments("updateEvent of nothing", KEY, updateEvent.without("capacity"), "salesOpenAt"),
                illValued(updateEvent, "name", "\"\""),
                illValued(updateEvent, "name", "null"),
                illValued(updateEvent, "name", "\"\\u0000\""),
                illValued(updateEvent, "name", '"' + "n".repeat(256) + '"'),
                illValued(updateEvent, "venue", "\"\""),
                illValued(updateEvent, "venue", "\"\\ude00\""),
                illValued(updateEvent, "venue", '"' + "v".repeat(256) + '"'),
                missing(hold, "userId"),
                illValued(hold, "userId", "\"\""),
                illValued(hold, "userId", '"' + "a".repeat(129) + '"'),
                missing(hold, "holdSeconds"),
                illValued(hold, "holdSeconds", "86401"),
                illValued(hold, "waitlistId", "\"7\""),
                illValued(hold, "waitlistId", "7"),
                illValued(hold, "waitlistId", "null"),
                missing(confirm, "bookingId"),
                illValued(confirm, "bookingId", "\"7\""),
                illValued(confirm, "bookingId", "null"),
                missing(expireHold, "bookingId"),
                illValued(expireHold, "bookingId", "\"7\""),
                illValued(expireHold, "bookingId", "null"),
                missing(joinWaitlist, "userId"),
                illValued(joinWaitlist, "userId", "\"al\\u0000ice\""),
                missing(leaveWaitlist, "userId"),
                illValued(leaveWaitlist, "userId", "\"al\\ud83dice\""));
    }

    @ParameterizedTest(name = "{1} {2} of {0}")
    @MethodSource
    void noNumberIsTakenForAnotherThanItIs(CommandText command, String field, String json) {
        whatCanBeAnsweredIsRefusedWithADetailThatNamesTheField(field, KEY, command.with(field, json), field);
    }

    static Stream<Arguments> noNumberIsTakenForAnotherThanItIs() {
        return product(
                List.of(
                        arguments(createEvent(), "capacity"),
                        arguments(createEvent(), "perUserLimit"),
                        arguments(updateEvent(), "capacity"),
                        arguments(updateEvent(), "perUserLimit"),
                        arguments(hold(), "quantity"),
                        arguments(hold(), "holdSeconds"),
                        arguments(joinWaitlist(), "quantity"),
                        arguments(leaveWaitlist(), "quantity")),
                List.of(
                        "0",
                        "-1",
                        "1.5",
                        "2147483648",
                        "-2147483649",
                        "4294967297",
                        "9223372036854775808",
                        "1e400",
                        "1e-400",
                        "1e9999999999",
                        "\"3\"",
                        "null",
                        "true",
                        "[3]",
                        "{}"));
    }

    @ParameterizedTest(name = "{1} {2} of {0}")
    @MethodSource
    void noTimeIsTakenForAnotherThanItIs(CommandText command, String field, String json) {
        whatCanBeAnsweredIsRefusedWithADetailThatNamesTheField(field, KEY, command.with(field, json), field);
    }

    static Stream<Arguments> noTimeIsTakenForAnotherThanItIs() {
        return product(
                List.of(
                        arguments(createEvent(), "salesOpenAt"),
                        arguments(createEvent(), "salesCloseAt"),
                        arguments(updateEvent(), "date"),
                        arguments(updateEvent(), "salesOpenAt"),
                        arguments(updateEvent(), "salesCloseAt")),
                List.of(
                        "null",
                        "1777665600",
                        "\"\"",
                        "\"tomorrow\"",
                        "\"2027-05-01\"",
                        "\"2027-05-01T20:00:00\"",
                        "\"2027-02-29T20:00:00Z\"",
                        "\"2027-05-01T24:00:00Z\"",
                        "\"2016-12-31T23:59:60Z\"",
                        "\"2027-05-01T20:00:00.1234567890Z\"",
                        "\"0000-12-31T23:59:59Z\"",
                        "\"9999-12-31T23:59:59-00:01\"",
                        "\"+10000-01-01T00:00:00Z\""));
    }

    @ParameterizedTest
    @CsvSource({
        "2027-05-01T18:00:00Z, 2027-05-01T18:00:00Z",
        "2027-05-01T18:00:00Z, 2027-05-01T17:59:59.999999Z",
        "2027-05-01T18:00:00Z, 2027-05-01T19:00:00+02:00",
        "2027-05-01T18:00:00.0000001Z, 2027-05-01T18:00:00.0000009Z",
    })
    void salesDoNotCloseBeforeTheyOpen(String open, String close) {
        for (CommandText command : List.of(createEvent(), updateEvent())) {
            Decoded decoded = decoder.decode(
                    KEY,
                    command.with("salesOpenAt", '"' + open + '"')
                            .with("salesCloseAt", '"' + close + '"')
                            .bytes());

            assertThat(decoded)
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused ->
                                    assertThat(refused.detail()).startsWith("salesCloseAt must be after salesOpenAt"));
        }
    }

    private static Stream<Arguments> product(List<Arguments> fields, List<String> values) {
        return fields.stream()
                .flatMap(field -> values.stream().map(json -> arguments(field.get()[0], field.get()[1], json)));
    }

    private static Arguments missing(CommandText command, String field) {
        return arguments(field + " missing", KEY, command.without(field), field);
    }

    private static Arguments illValued(CommandText command, String field, String json) {
        String shown = json.length() <= 40 ? json : json.substring(0, 40) + "… (" + json.length() + ")";
        return arguments(field + " " + shown, KEY, command.with(field, json), field);
    }

    private static byte[] value(String field, String json) {
        return book().with(field, json).bytes();
    }

    /** A command with these bytes within its userId. */
    private static byte[] inUser(int... middle) {
        String book = book().with("userId", "\"ab\"").toString();
        int split = book.indexOf("ab\"") + 1;
        return join(utf8(book.substring(0, split)), bytes(middle), utf8(book.substring(split)));
    }

    private static byte[] withMark(byte[] utf16) {
        return join(bytes(0xFE, 0xFF), utf16);
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
