package booking.schemas.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of people, events and places are kept as they are written: every script, every mark, nothing made alike. */
class TextInAnyScriptTest {
    private static final UUID ID = UUID.fromString("01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a");
    private static final Instant AT = Instant.parse("2027-05-01T20:00:00Z");
    private static final OptionalLong ANY_VERSION = OptionalLong.empty();
    private static final EventSnapshot SNAPSHOT = new EventSnapshot(2, 100, 1, 1);
    private static final Position POSITION = new Position(3, 17);

    @ParameterizedTest
    @MethodSource("texts")
    void commandsKeepIt(String text) {
        for (Command command : commands(text)) {
            byte[] json = new CommandEncoder().encode(command);

            assertThat(PublishedSchema.COMMAND.errors(json)).isEmpty();
            assertThat(new CommandDecoder().decode(command.eventId().getBytes(UTF_8), json))
                    .isEqualTo(new Decoded.Valid(command));
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void commandsWithAllOfItEscapedAreTheSame(String text) {
        for (Command command : commands(text)) {
            String json = new String(new CommandEncoder().encode(command), UTF_8);
            String written =
                    json.contains(text) ? text : text.replace("\\", "\\\\").replace("\"", "\\\"");
            assertThat(json).contains(written);

            byte[] escaped = json.replace(written, escaped(text)).getBytes(UTF_8);

            assertThat(new CommandDecoder().decode(command.eventId().getBytes(UTF_8), escaped))
                    .isEqualTo(new Decoded.Valid(command));
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void resultsKeepIt(String text) {
        for (Result result : results(text)) {
            byte[] json = new ResultEncoder().encode(result);

            assertThat(PublishedSchema.RESULT.errors(json)).isEmpty();
            assertThat(new ResultDecoder().decode(json)).isEqualTo(result);
        }
    }

    @ParameterizedTest
    @MethodSource("texts")
    void availabilityKeepsIt(String text) {
        Availability availability = new Availability("e", text, AT, text, EventStatus.OPEN, SNAPSHOT, AT);

        byte[] json = new AvailabilityCodec().encode(availability);

        assertThat(PublishedSchema.AVAILABILITY.errors(json)).isEmpty();
        assertThat(new AvailabilityCodec().decode(json)).isEqualTo(availability);
    }

    static Stream<String> texts() {
        return Stream.of(
                "مهرجان الموسيقى", // Arabic, written from right to left
                "أُمْسِيَة", // with its vowels as marks of their own
                "קוֹנְצֶרְט", // Hebrew with points
                "\u202bحفل\u202c 42 \u200fيوم\u200e", // marks that turn the direction
                "\u2067ערב\u2069\u061c", // isolates and the Arabic letter mark
                "音乐会在公园",
                "\ud840\udc00\ud869\uded6", // Chinese characters outside the basic plane
                "コンサート",
                "ｶﾀｶﾅ", // half-width
                "한글 공연",
                "\u1112\u1161\u11ab", // a Korean syllable of three parts, which is not the one of one
                "संगीत समारोह",
                "தமிழ்",
                "คอนเสิร์ต",
                "ፌስቲቫል",
                "Ελληνικά ΣΊΓΜΑΣ ς",
                "Концерт ё й",
                "Zoë Żółć ßẞ Łódź ŉ ﬁ",
                "İstanbul ı", // letters whose case depends on the language
                "e\u0301\u0323 \u00e9\u0323", // marks in an order that normalisation would change
                "Z\u0351\u036e\u0343\u0321a\u0336\u0334l\u0337g\u0358o\u0321", // marks upon marks
                "😀🎶🎭",
                "👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈 🇪🇺", // families, tones and flags of several characters
                "\ud835\udd04\ud835\udd05 \ud800\udf30 \ud83e\udd95",
                "\uFEFFmark\uFEFF", // a byte order mark is text within text
                "a\u00a0b\u2003c\u3000d\u200be", // spaces that are none, and none at all
                " leading and trailing ",
                "one\u2028two\u2029three\u0085four",
                "\uFFFD\uFFFE\uFFFF\uE000\ud83f\udffe\udbff\udfff", // what is no character and what is private
                "\"quoted\" \\ 'single' `tick` %s ${x} <b>&amp;</b>; DROP TABLE events; --");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "عا\0ئشة", "音\ud840", "\udc00音", "😀\ude00", "\ude00\ud83d"})
    void whatIsNoTextIsRefusedInEveryScript(String text) {
        for (String type : List.of("book", "hold", "joinWaitlist", "leaveWaitlist")) {
            String json = "{\"type\":\"" + type + "\",\"commandId\":\"" + ID
                    + "\",\"eventId\":\"e\",\"holdSeconds\":1,\"userId\":\"" + escaped(text) + "\"}";

            assertThat(new CommandDecoder().decode("e".getBytes(UTF_8), json.getBytes(UTF_8)))
                    .isInstanceOfSatisfying(
                            Decoded.Refused.class,
                            refused -> assertThat(refused.detail()).startsWith("userId must not contain "));
        }
        assertThatThrownBy(() -> commands(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Command> commands(String text) {
        return List.of(
                new CreateEvent(ID, "e", text, AT, text, 1, OptionalInt.empty(), Optional.empty(), Optional.empty()),
                new UpdateEvent(
                        ID,
                        "e",
                        Optional.of(text),
                        Optional.empty(),
                        Optional.of(text),
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        ANY_VERSION),
                new Book(ID, "e", text, 1, ANY_VERSION),
                new Hold(ID, "e", text, 1, 600, Optional.empty(), ANY_VERSION),
                new Cancel(ID, "e", ID, Optional.of(text), ANY_VERSION),
                new JoinWaitlist(ID, "e", text, 1, ANY_VERSION),
                new LeaveWaitlist(ID, "e", text, 1, ANY_VERSION));
    }

    private static List<Result> results(String text) {
        ChangedBooking held = new ChangedBooking(ID, BookingStatus.HELD, text, 1, Optional.of(AT));
        WaitlistPlace next = new WaitlistPlace(text, 1, OptionalInt.of(1));
        return List.of(
                new Accepted(CommandType.HOLD, ID, "e", Optional.of(held), Optional.empty(), SNAPSHOT, POSITION, AT),
                new Accepted(
                        CommandType.JOIN_WAITLIST,
                        ID,
                        "e",
                        Optional.empty(),
                        Optional.of(next),
                        SNAPSHOT,
                        POSITION,
                        AT),
                new Rejected(
                        Optional.of(CommandType.BOOK),
                        ID,
                        "e",
                        Reason.SOLD_OUT,
                        text,
                        Optional.empty(),
                        Optional.of(text),
                        OptionalInt.of(1),
                        Optional.of(SNAPSHOT),
                        POSITION,
                        AT));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(String.format("\\u%04x", c)));
        return escaped.toString();
    }
}
