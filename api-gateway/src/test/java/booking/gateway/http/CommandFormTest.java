package booking.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import booking.schemas.command.Book;
import booking.schemas.command.Command;
import booking.schemas.command.CommandType;
import booking.schemas.command.Hold;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandFormTest {
    private static final UUID KEY = UUID.fromString("01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9a");

    private final CommandIds ids = new CommandIds();

    @Test
    void bodyPathAndHeadersMakeOneCommand() {
        assertThat(book("{\"userId\":\"alice\",\"quantity\":2.0,\"colour\":\"red\"}", OptionalLong.of(7)))
                .isEqualTo(new Book(KEY, "e1", "alice", 2, OptionalLong.of(7)));
    }

    @Test
    void whatIsSaidTwiceMayAgree() {
        String body = """
                {"type":"book","commandId":"%s","eventId":"e1","userId":"alice","expectedVersion":7}
                """.formatted(KEY.toString().toUpperCase(Locale.ROOT));
        assertThat(book(body, OptionalLong.of(7))).isEqualTo(new Book(KEY, "e1", "alice", 1, OptionalLong.of(7)));
    }

    @Test
    void aCommandIdInTheBodyIsAKeyToo() {
        CommandForm form = form("{\"commandId\":\"" + KEY + "\"}");
        assertThat(form.commandId(Optional.empty(), ids)).isEqualTo(KEY);
    }

    @Test
    void withoutAnyKeyTheIdIsNew() {
        assertThat(form("{}").commandId(Optional.empty(), ids))
                .isNotEqualTo(form("{}").commandId(Optional.empty(), ids));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                          | INVALID_COMMAND   | userId",
                "{\"userId\":7}                              | INVALID_COMMAND   | userId",
                "{\"userId\":null}                           | INVALID_COMMAND   | userId",
                "{\"userId\":\"\"}                           | INVALID_COMMAND   | userId",
                "{\"userId\":\"a\\u0000b\"}                  | INVALID_COMMAND   | userId",
                "{\"userId\":\"\\ud800\"}                    | INVALID_COMMAND   | userId",
                "{\"userId\":\"a\",\"quantity\":0}           | INVALID_COMMAND   | quantity",
                "{\"userId\":\"a\",\"quantity\":-1}          | INVALID_COMMAND   | quantity",
                "{\"userId\":\"a\",\"quantity\":1.5}         | INVALID_COMMAND   | quantity",
                "{\"userId\":\"a\",\"quantity\":2147483648}  | INVALID_COMMAND   | quantity",
                "{\"userId\":\"a\",\"quantity\":1e400}       | INVALID_COMMAND   | quantity",
                "{\"userId\":\"a\",\"quantity\":1e999999999} | INVALID_COMMAND   | quantity",
                "{\"userId\":\"a\",\"quantity\":\"3\"}       | INVALID_COMMAND   | quantity",
                "{\"userId\":\"a\",\"expectedVersion\":0}    | INVALID_COMMAND   | expectedVersion",
                "{\"userId\":\"a\",\"eventId\":\"e2\"}       | INVALID_COMMAND   | eventId",
                "{\"userId\":\"a\",\"eventId\":null}         | INVALID_COMMAND   | eventId",
                "{\"userId\":\"a\",\"type\":\"cancel\"}      | INVALID_COMMAND   | type",
                "{\"userId\":\"a\",\"commandId\":7}          | INVALID_COMMAND   | commandId",
                "{\"userId\":\"a\",\"commandId\":\"01990f3c-7a52-7c11-8a5e-000000000000\"} | INVALID_COMMAND | commandId",
                "{\"userId\":\"a\",\"userId\":\"b\"}         | MALFORMED_REQUEST | userId",
                "{\"userId\":\"a\"} {}                       | MALFORMED_REQUEST | JSON",
                "{\"userId\":\"a\"                           | MALFORMED_REQUEST | JSON",
                "{userId:\"a\"}                              | MALFORMED_REQUEST | JSON",
                "{\"userId\":\"a\",\"quantity\":NaN}         | MALFORMED_REQUEST | JSON",
                "[]                                          | MALFORMED_REQUEST | object",
                "\"text\"                                    | MALFORMED_REQUEST | object",
                "null                                        | MALFORMED_REQUEST | object",
                "''                                          | MALFORMED_REQUEST | no value",
                "{\"userId\":\"a\",\"quantity\":1e9999999999} | MALFORMED_REQUEST | out of range",
            })
    void aBadBodyIsRefusedAndWhatIsWrongNamed(String body, ProblemCode code, String named) {
        assertThatExceptionOfType(RequestRefused.class)
                .isThrownBy(() -> book(body, OptionalLong.empty()))
                .satisfies(refused -> {
                    assertThat(refused.problem().code()).isEqualTo(code);
                    assertThat(refused.problem().detail()).contains(named);
                });
    }

    @Test
    void onlyTheProcessorOffersSeatsToThoseWhoWait() {
        String body = """
                {"userId":"mallory","holdSeconds":60,"waitlistId":"01990f3c-7a52-7c11-8a5e-3f4c2b1d0e9b"}
                """;

        assertThat(form(body).with("eventId", "e1").command(CommandType.HOLD, KEY))
                .isEqualTo(new Hold(KEY, "e1", "mallory", 1, 60, Optional.empty(), OptionalLong.empty()));
    }

    @Test
    void anotherVersionInTheBodyThanInIfMatchIsRefused() {
        assertThatExceptionOfType(RequestRefused.class)
                .isThrownBy(() -> book("{\"userId\":\"a\",\"expectedVersion\":6}", OptionalLong.of(7)))
                .withMessageContaining("expectedVersion");
    }

    @Test
    void hostileNestingIsRefused() {
        for (int depth : new int[] {100, 1_000, 8_000}) {
            String body = "{\"userId\":\"a\",\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
            assertThatExceptionOfType(RequestRefused.class)
                    .isThrownBy(() -> book(body, OptionalLong.empty()))
                    .satisfies(
                            refused -> assertThat(refused.problem().code()).isEqualTo(ProblemCode.MALFORMED_REQUEST));
        }
    }

    @Test
    void otherEncodingsThanUtf8AreRefused() {
        for (byte[] body : new byte[][] {{'{', (byte) 0xff, '}'}, "{\"userId\":\"a\"}".getBytes(UTF_16)}) {
            assertThatExceptionOfType(RequestRefused.class)
                    .isThrownBy(() -> CommandForm.of(body))
                    .satisfies(
                            refused -> assertThat(refused.problem().code()).isEqualTo(ProblemCode.MALFORMED_REQUEST));
        }
    }

    private Command book(String body, OptionalLong version) {
        CommandForm form = form(body).with("eventId", "e1").withExpectedVersion(version);
        return form.command(CommandType.BOOK, form.commandId(Optional.of(KEY), ids));
    }

    private static CommandForm form(String body) {
        return CommandForm.of(body.getBytes(UTF_8));
    }
}
