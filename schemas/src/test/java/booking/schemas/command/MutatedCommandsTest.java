package booking.schemas.command;

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
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingByConcurrent;
import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.command.Decoded.Cause;
import booking.schemas.command.Decoded.DeadLetter;
import booking.schemas.command.Decoded.Refused;
import booking.schemas.command.Decoded.Valid;
import booking.schemas.json.ByteMutator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever happens to the bytes of a command: the decoder has an answer, and it is a sane one. */
class MutatedCommandsTest {
    private static final int BATCHES = 100;
    private static final int BATCH_SIZE = 10_000;

    private static final List<byte[]> COMMANDS = Stream.of(
                    book(),
                    book().with("quantity", "2.0e0").with("expectedVersion", "9223372036854775807"),
                    book().with("userId", "\"Ünï 漢字 😀 \\ud83d\\ude00 \\u0041\\n\\\"\""),
                    book().with("seat", "{\"row\":[1,null,true,\"x\",1.5e3,{\"a\":{}}],\"block\":\"C\"}"),
                    cancel(),
                    cancel().with("userId", "\"alice\"").with("expectedVersion", "3"),
                    createEvent(),
                    createEvent().with("venue", "\"Bühne 2\"").with("date", "\"2027-05-01T22:00:00.123456+02:00\""),
                    createEvent()
                            .with("perUserLimit", "4")
                            .with("salesOpenAt", "\"2027-03-01T09:00:00Z\"")
                            .with("salesCloseAt", "\"2027-05-01T18:00:00Z\""),
                    updateEvent(),
                    updateEvent()
                            .with("name", "\"تعديل\"")
                            .with("date", "\"2027-05-01T20:00:00Z\"")
                            .with("venue", "\"大厅\"")
                            .with("perUserLimit", "2e0")
                            .with("salesOpenAt", "\"2027-03-01T09:00:00.5Z\"")
                            .with("salesCloseAt", "\"2027-05-01T20:00:00+02:00\"")
                            .with("expectedVersion", "3"),
                    closeEvent(),
                    hold(),
                    hold().with("waitlistId", "\"01990f3c-7a52-7c11-8a5e-000000000002\""),
                    confirm(),
                    expireHold(),
                    joinWaitlist(),
                    leaveWaitlist().with("quantity", "2"))
            .map(CommandText::bytes)
            .toList();

    private final CommandDecoder decoder = new CommandDecoder();
    private final CommandEncoder encoder = new CommandEncoder();

    @Test
    void neverMakeTheDecoderThrow() {
        long seed = Long.getLong("mutation.seed", System.nanoTime());
        System.out.println("mutated commands: run again with -Dmutation.seed=" + seed);

        Map<String, Long> outcomes = IntStream.range(0, BATCHES)
                .parallel()
                .boxed()
                .flatMap(batch -> outcomes(seed + batch).stream())
                .collect(groupingByConcurrent(outcome -> outcome, counting()));

        System.out.println("mutated commands: " + outcomes);
        // The mutants reach every corner, or they would show little. They are never so large that they are not read.
        assertThat(outcomes).hasSize(2 + Cause.values().length - 1).doesNotContainKey("TOO_LARGE");
        assertThat(outcomes.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(1_000_000);
        assertThat(outcomes.get("Valid")).isGreaterThan(10_000);
        assertThat(outcomes.get("Refused")).isGreaterThan(10_000);
    }

    private List<String> outcomes(long seed) {
        Random random = new Random(seed);
        ByteMutator mutator = new ByteMutator(random, COMMANDS);
        List<String> outcomes = new ArrayList<>();
        for (int i = 0; i < BATCH_SIZE; i++) {
            byte[] value = mutator.mutate(COMMANDS.get(i % COMMANDS.size()));
            byte[] key = EVENT_ID.getBytes(UTF_8);
            if (i % 10 == 0) {
                key = mutator.mutate(key);
            }
            try {
                outcomes.add(check(key, value));
            } catch (Throwable e) {
                throw new AssertionError("<" + new String(value, UTF_8) + ">: " + e, e);
            }
        }
        return outcomes;
    }

    private String check(byte[] key, byte[] value) {
        Decoded decoded = decoder.decode(key, value);
        if (decoded instanceof Valid valid) {
            Command command = valid.command();
            Decoded again = decoder.decode(command.eventId().getBytes(UTF_8), encoder.encode(command));
            if (!decoded.equals(again)) {
                throw new AssertionError("encoded and decoded again it is " + again + ", was " + decoded);
            }
            return "Valid";
        }
        if (decoded instanceof Refused refused) {
            requireReadable(refused.detail());
            FieldRules.requireEventId(refused.eventId());
            return "Refused";
        }
        DeadLetter letter = (DeadLetter) decoded;
        requireReadable(letter.detail());
        return letter.cause().name();
    }

    private static void requireReadable(String detail) {
        boolean readable = !detail.isBlank()
                && detail.length() <= 300
                && detail.chars().noneMatch(c -> c < ' ' || c == 0x7F)
                // This is how Jackson's own failures are described; none is known.
                && !detail.startsWith("the JSON parser failed");
        if (!readable) {
            throw new AssertionError("unreadable detail <" + detail + ">");
        }
    }
}
